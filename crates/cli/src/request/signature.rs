//! AWS Signature Version 4 over method, address, headers and body.

use std::time::SystemTime;

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as sign_request};
use aws_sigv4::sign::v4;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Request;
use crate::failure::Failure;
use crate::session::SessionCredentials;

/// Adds the headers of the signature.
pub(super) fn sign(
    request: &Request,
    region: &str,
    headers: &mut HeaderMap,
    body: &[u8],
    session: &SessionCredentials,
) -> Result<(), Failure> {
    let signed = signature(request, region, headers, body, session);
    let signed = signed.ok_or_else(|| Failure::usage("request_invalid", "this request cannot be signed"))?;
    headers.extend(signed);
    Ok(())
}

fn signature(
    request: &Request,
    region: &str,
    headers: &HeaderMap,
    body: &[u8],
    session: &SessionCredentials,
) -> Option<HeaderMap> {
    let identity = session.for_sdk().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(&request.service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .ok()?
        .into();
    let given: Option<Vec<(&str, &str)>> =
        headers.iter().map(|(name, value)| Some((name.as_str(), value.to_str().ok()?))).collect();
    let url = request.url.url().as_str();
    let signable =
        SignableRequest::new(request.method.as_str(), url, given?.into_iter(), SignableBody::Bytes(body)).ok()?;
    let (instructions, _) = sign_request(signable, &parameters).ok()?.into_parts();
    let (signed, _) = instructions.into_parts();
    signed
        .iter()
        .map(|header| {
            let mut value = HeaderValue::from_str(header.value()).ok()?;
            value.set_sensitive(true);
            Some((HeaderName::from_static(header.name()), value))
        })
        .collect()
}
