//! Whether Brevet would take the token at all: by the verifier of the functions, with the issuers of their settings.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use brevet_identity::{
    BearerToken, FetchError, FetchKeySet, KeyFetch, Principal, Rejection, Verifier, VerifyError, parse_issuers,
};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response};
use url::Url;

use crate::admin::trouble::Trouble;
use crate::endpoint::is_loopback;

/// As the functions have it by default.
const LEEWAY_SECONDS: u64 = 10;

/// A key set is a few KiB.
const MAX_KEY_SET_BYTES: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// What the verifier says.
#[derive(Debug)]
pub(super) enum Verification {
    Genuine(Box<Principal>),
    Rejected(Rejection),
}

/// Verifies a token by the issuers in a file: the JSON of `TRUSTED_ISSUERS`.
pub(super) async fn verify(token: &BearerToken, issuers: &Path, now: u64) -> Result<Verification, Trouble> {
    let refused = |message: String| {
        Trouble::refused("issuers_invalid", format!("`{}` {message}", issuers.display()))
            .with_help("give the JSON of TRUSTED_ISSUERS: the stack's output Issuers has it")
    };
    let text = std::fs::read_to_string(issuers).map_err(|fault| refused(format!("cannot be read: {fault}")))?;
    let issuers = parse_issuers(&text).map_err(|faults| refused(faults.to_string()))?;
    let verifier = Verifier::new(issuers, LEEWAY_SECONDS, Arc::new(Keys));
    match verifier.verify(token, now).await {
        Ok(verified) => Ok(Verification::Genuine(Box::new(verified.principal().as_ref().clone()))),
        Err(VerifyError::Rejected(rejection) | VerifyError::RejectedJob { rejection, .. }) => {
            Ok(Verification::Rejected(rejection))
        }
        Err(VerifyError::Unavailable(_)) => {
            Err(Trouble::cannot_tell("keys_unavailable", "the issuer's keys cannot be fetched from here")
                .with_help("check the network; or leave --issuers out, and nothing is verified"))
        }
    }
}

/// Key sets over HTTPS, within the limits that [`FetchKeySet`] promises but for the time: nobody waits behind a gateway.
struct Keys;

impl FetchKeySet for Keys {
    async fn fetch(&self, url: &str, ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        let builder = Client::builder().redirect(Policy::none()).timeout(PATIENCE);
        let certificates = ca_bundle_pem.map(|pem| Certificate::from_pem_bundle(pem.as_bytes())).transpose();
        let builder = builder.tls_certs_merge(certificates.map_err(|_| FetchError::CaBundle)?.unwrap_or_default());
        let local = Url::parse(url).is_ok_and(|url| is_loopback(&url));
        let builder = if local { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|_| FetchError::CaBundle)?;
        let answer = client.get(url).send().await.map_err(|fault| fetch_error(&fault))?;
        match answer.status().as_u16() {
            200 => body(answer).await,
            status => Err(FetchError::Status(status)),
        }
    }

    fn fetched(&self, _fetch: KeyFetch<'_>) {}
}

async fn body(mut answer: Response) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|fault| fetch_error(&fault))? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_KEY_SET_BYTES {
            return Err(FetchError::TooLarge);
        }
    }
    Ok(body)
}

fn fetch_error(fault: &reqwest::Error) -> FetchError {
    if fault.is_timeout() { FetchError::TimedOut } else { FetchError::Connect }
}
