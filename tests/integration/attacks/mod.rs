//! Tokens an attacker would send, and tokens a library's defaults would let through.

mod claims;
mod signatures;

use brevet_function_kit::KeyFetcher;
use brevet_identity::Verifier;
use brevet_tests::gitlab::LocalGitlab;
use serde_json::json;

use crate::support::{trust, verifier};

/// A GitLab and a verifier that trusts it.
async fn trusted() -> (LocalGitlab, Verifier<KeyFetcher>) {
    let gitlab = LocalGitlab::start().await;
    let verifier = verifier(&trust(&gitlab, json!({})));
    (gitlab, verifier)
}
