//! Every sample event, in both payload formats, and what becomes of an ordinary job that sends it.

use brevet_tests::events::sample_events;
use serde_json::json;

use super::{deploy, world};

/// The event and the code it is answered with; `granted` is 200.
const EVENTS: [(&str, &str); 41] = [
    ("authorizer-event", "bad_request"),
    ("http-v1-get", "granted"),
    ("http-v1-post", "granted"),
    ("http-v2-get", "granted"),
    ("http-v2-get-by-name", "granted"),
    ("http-v2-get-custom-domain", "granted"),
    ("http-v2-get-encoded-role", "granted"),
    ("http-v2-get-named-stage", "granted"),
    ("http-v2-get-two-tokens", "token_malformed"),
    ("http-v2-mappings", "granted"),
    ("http-v2-post", "granted"),
    ("http-v2-post-base64", "granted"),
    ("http-v2-whoami", "granted"),
    ("rest-delete", "bad_request"),
    ("rest-get", "granted"),
    ("rest-get-by-name", "granted"),
    ("rest-get-by-name-custom-domain", "granted"),
    ("rest-get-custom-domain", "granted"),
    ("rest-get-dotenv", "granted"),
    ("rest-get-duration", "granted"),
    ("rest-get-env", "granted"),
    ("rest-get-null-header", "bad_request"),
    ("rest-get-null-maps", "granted"),
    ("rest-get-token-in-query", "token_missing"),
    ("rest-get-token-without-bearer", "granted"),
    ("rest-get-two-roles", "bad_request"),
    ("rest-get-two-tokens", "token_malformed"),
    ("rest-get-without-role", "granted"),
    ("rest-get-without-token", "token_missing"),
    ("rest-head", "bad_request"),
    ("rest-mappings", "granted"),
    ("rest-mappings-without-authorizer", "misconfigured"),
    ("rest-post", "granted"),
    ("rest-post-bad-base64", "bad_request"),
    ("rest-post-bad-json", "bad_request"),
    ("rest-post-base64", "granted"),
    ("rest-post-session-policy", "granted"),
    ("rest-post-unknown-member", "bad_request"),
    ("rest-post-without-body", "bad_request"),
    ("rest-whoami", "granted"),
    ("rest-whoami-without-authorizer", "misconfigured"),
];

#[test]
fn every_sample_event_is_sent_by_a_test() {
    let sent: Vec<_> = EVENTS.iter().map(|(event, _)| *event).collect();
    assert_eq!(sample_events("credentials"), sent);
}

#[tokio::test]
async fn every_sample_event_has_its_answer() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    for (event, code) in EVENTS {
        let answer = world.ask(event, |_| {}).await;
        assert_eq!((answer.code(), answer.status == 200), (code, code == "granted"), "{event}: {answer:?}");
    }
}
