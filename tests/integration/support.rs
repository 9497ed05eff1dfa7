//! What several of these tests start from.

use std::sync::Arc;

use brevet_function_kit::{Https, KeyFetcher, Log, Telemetry, unix_now};
use brevet_identity::{BearerToken, VerifiedToken, Verifier, VerifyError, parse_issuers};
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, LocalGitlab};
use serde_json::{Map, Value, json};

/// `TRUSTED_ISSUERS` for a GitLab, keys by discovery, with more members or others.
pub(crate) fn trust(gitlab: &LocalGitlab, members: Value) -> String {
    let mut issuer = json!({"issuer": gitlab.issuer(), "audiences": [DEFAULT_AUDIENCE]});
    let members: Map<String, Value> = serde_json::from_value(members).expect("members of an issuer are an object");
    issuer.as_object_mut().expect("an issuer is an object").extend(members);
    Value::from(vec![issuer]).to_string()
}

/// The verifier of the functions, with their fetcher: nothing in it is a stand-in.
pub(crate) fn verifier(trusted_issuers: &str) -> Verifier<KeyFetcher> {
    let https = Https::new(None).expect("the system has certificates");
    let fetcher = KeyFetcher::new(https, Telemetry::new(Log::to(|_| {}), "Brevet", "test"));
    Verifier::new(parse_issuers(trusted_issuers).expect("the issuers are well formed"), 10, Arc::new(fetcher))
}

/// Asks as an HTTP client would: with the token in the header.
pub(crate) async fn verify(verifier: &Verifier<KeyFetcher>, token: &str) -> Result<VerifiedToken, VerifyError> {
    let token = BearerToken::from_authorization([format!("Bearer {token}").as_str()])?;
    verifier.verify(&token, unix_now()).await
}

/// The code a caller would read, or `verified`.
pub(crate) fn code(outcome: &Result<VerifiedToken, VerifyError>) -> &'static str {
    match outcome {
        Ok(_) => "verified",
        Err(VerifyError::Rejected(rejection) | VerifyError::RejectedJob { rejection, .. }) => rejection.code(),
        Err(VerifyError::Unavailable(_)) => "keys_unavailable",
    }
}
