//! The verifier and the fetcher of the functions against a GitLab that may be broken.

use std::time::{Duration, Instant};

use brevet_tests::gitlab::{LocalGitlab, Outage};
use serde_json::json;

use crate::support::{code, trust, verifier, verify};

#[tokio::test]
async fn no_broken_key_set_lets_anybody_in_or_takes_long() {
    let outages = [Outage::Down, Outage::Slow, Outage::Garbage, Outage::Huge, Outage::Redirect, Outage::Empty];
    for outage in outages {
        let gitlab = LocalGitlab::start().await;
        gitlab.set_outage(outage);
        let began = Instant::now();
        let outcome = verify(&verifier(&trust(&gitlab, json!({}))), &gitlab.sign(&gitlab.job())).await;
        assert_eq!(code(&outcome), "keys_unavailable", "{outage:?}");
        assert!(began.elapsed() < Duration::from_millis(1_500), "{outage:?} took {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_although_there_are_keys_at_its_end() {
    let gitlab = LocalGitlab::start().await;
    gitlab.set_outage(Outage::Redirect);
    let _ = verify(&verifier(&trust(&gitlab, json!({}))), &gitlab.sign(&gitlab.job())).await;
    assert_eq!(gitlab.counts().key_sets, 1);
}

#[tokio::test]
async fn a_gitlab_that_is_gone_cannot_be_told_from_a_slow_one() {
    let gitlab = LocalGitlab::start().await;
    let (verifier, token) = (verifier(&trust(&gitlab, json!({}))), gitlab.sign(&gitlab.job()));
    drop(gitlab);
    assert_eq!(code(&verify(&verifier, &token).await), "keys_unavailable");
}

#[tokio::test]
async fn strangers_cause_no_request_at_all() {
    let (gitlab, stranger) = (LocalGitlab::start().await, LocalGitlab::start().await);
    let verifier = verifier(&trust(&gitlab, json!({})));
    let token = stranger.sign(&stranger.job());
    assert_eq!(code(&verify(&verifier, &token).await), "token_invalid");
    assert_eq!((gitlab.counts(), stranger.counts()), Default::default());
}

#[tokio::test]
async fn a_private_authority_is_not_trusted_unless_its_certificate_is_given() {
    let gitlab = LocalGitlab::start_with_tls().await;
    let outcome = verify(&verifier(&trust(&gitlab, json!({}))), &gitlab.sign(&gitlab.job())).await;
    assert_eq!(code(&outcome), "keys_unavailable");

    let other = LocalGitlab::start_with_tls().await;
    let wrong = trust(&gitlab, json!({"ca_bundle_pem": other.ca_pem()}));
    assert_eq!(code(&verify(&verifier(&wrong), &gitlab.sign(&gitlab.job())).await), "keys_unavailable");

    let right = trust(&gitlab, json!({"ca_bundle_pem": gitlab.ca_pem()}));
    assert_eq!(code(&verify(&verifier(&right), &gitlab.sign(&gitlab.job())).await), "verified");
}

#[tokio::test]
async fn static_keys_verify_without_a_single_request() {
    let gitlab = LocalGitlab::start().await;
    let verifier = verifier(&trust(&gitlab, json!({"jwks": gitlab.instance().key_set()})));
    assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
    assert_eq!(gitlab.counts(), Default::default());
}

#[tokio::test]
async fn keys_are_found_by_discovery_once_and_serve_many_tokens() {
    let gitlab = LocalGitlab::start().await;
    let verifier = verifier(&trust(&gitlab, json!({})));
    for _ in 0..5 {
        assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
    }
    assert_eq!((gitlab.counts().discovery, gitlab.counts().key_sets), (1, 1));
}

#[tokio::test]
async fn keys_at_hand_serve_while_gitlab_is_down() {
    let gitlab = LocalGitlab::start().await;
    let verifier = verifier(&trust(&gitlab, json!({})));
    assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
    gitlab.set_outage(Outage::Down);
    assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
}

#[tokio::test]
async fn a_rotated_key_verifies_and_the_old_one_does_not() {
    let gitlab = LocalGitlab::start().await;
    let old = gitlab.sign(&gitlab.job());
    gitlab.instance().rotate().expect("memory can be written");
    let verifier = verifier(&trust(&gitlab, json!({})));
    assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
    assert_eq!(code(&verify(&verifier, &old).await), "token_invalid");
}
