//! HTTP as this program uses it: no redirects, few bytes, little time, and errors that name the broken layer.

use std::error::Error;
use std::fs;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::tls::TlsFault;

/// Connecting, TLS included.
const CONNECT: Duration = Duration::from_secs(2);

/// Authorities to trust beside the system's (and those of `SSL_CERT_FILE`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust(Vec<Certificate>);

impl Trust {
    /// Reads the file that `AWS_CA_BUNDLE` names, as AWS tools do.
    pub(crate) fn read(environment: &Environment) -> Result<Self, Failure> {
        let Some(path) = environment.text("AWS_CA_BUNDLE") else { return Ok(Self::default()) };
        let pem = fs::read(path).map_err(|fault| fault.to_string());
        let certificates = pem.and_then(|pem| {
            let read = Certificate::from_pem_bundle(&pem).map_err(|_| "it is not PEM".to_owned())?;
            if read.is_empty() { Err("there is no certificate in it".to_owned()) } else { Ok(read) }
        });
        certificates.map(Self).map_err(|fault| {
            let message = format!("the certificates of AWS_CA_BUNDLE (`{path}`) cannot be read: {fault}");
            Failure::misconfigured("ca_bundle_invalid", message, "name a PEM file, or unset AWS_CA_BUNDLE")
        })
    }

    /// A client that gives up after `whole`, from connecting to the last byte.
    pub(crate) fn client(&self, whole: Duration, loopback: bool) -> Result<Client, Failure> {
        let builder = Client::builder()
            .user_agent(concat!("brevet/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(whole)
            .tls_certs_merge(self.0.iter().cloned());
        // What is on this machine is reached without the proxy of the network.
        let builder = if loopback { builder.no_proxy() } else { builder };
        builder.build().map_err(|fault| {
            let message = format!("the certificates of this machine cannot be used: {}", deepest(&fault));
            Failure::misconfigured(
                "tls_roots_missing",
                message,
                "install the package `ca-certificates`, or set SSL_CERT_FILE",
            )
        })
    }
}

/// Why there is no answer. The address is `from`, without path and query.
pub(crate) fn no_answer(fault: &reqwest::Error, from: &str) -> Failure {
    if let Some(tls) = TlsFault::find(fault) {
        return Failure::misconfigured(tls.code(), format!("`{from}` {tls}"), tls.remedy());
    }
    let what = if fault.is_timeout() {
        "does not answer in time".to_owned()
    } else if fault.is_connect() {
        format!("cannot be reached: {}", deepest(fault))
    } else {
        format!("breaks off: {}", deepest(fault))
    };
    Failure::unavailable("unreachable", format!("`{from}` {what}"))
}

/// The body, if it is text of at most `limit` bytes.
pub(crate) async fn text(mut response: Response, limit: usize, from: &str) -> Result<String, Failure> {
    let too_much = || {
        let help = "check the address: Brevet's answers are small JSON objects";
        Failure::misconfigured("not_brevet", format!("what `{from}` answers is too long or no text"), help)
    };
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|fault| no_answer(&fault, from))? {
        if body.len() + chunk.len() > limit {
            return Err(too_much());
        }
        body.extend_from_slice(&chunk);
    }
    String::from_utf8(body).map_err(|_| too_much())
}

/// `Retry-After` in seconds; the form with a date is not used by anything in front of Brevet.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(reqwest::header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

/// The innermost cause: the outer ones say "error sending request" and repeat the address.
pub(crate) fn deepest(fault: &(dyn Error + 'static)) -> String {
    let mut cause = fault;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
