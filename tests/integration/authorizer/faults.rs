//! Whatever is wrong, nobody gets in and the answer is not cached: an error that is not `Unauthorized`.

use std::time::Duration;

use brevet_tests::aws::Fault;
use serde_json::json;

use super::{by_mappings, ordinary, reports};
use crate::world::World;

#[tokio::test]
async fn rows_that_cannot_be_read_are_no_verdict() {
    for fault in [Fault::Hang, Fault::Throttle, Fault::Internal, Fault::Garbage, Fault::Unprocessed] {
        let mut world = by_mappings().await;
        world.put_row(reports(), json!({}));
        world.aws.fail("BatchGetItem", fault.clone());
        let outcome = world.call("GET", "/whoami").await;
        assert!(outcome.answer.as_ref().is_err_and(|error| error != "Unauthorized"), "{fault:?}: {outcome:?}");
        assert!(outcome.took < Duration::from_millis(1_800), "{fault:?} took {:?}", outcome.took);
        let audit = outcome.log.iter().find(|line| line["kind"] == "audit").expect("there is an audit line");
        assert_eq!((&audit["decision"], &audit["code"]), (&json!("unavailable"), &json!("mappings_unavailable")));
    }
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_verdict_in_any_shape() {
    let issuer = json!({"jwks_uri": "http://localhost:1/keys"});
    let mut world = World::start_trusting("authorizer", issuer, &[("ROUTE_POLICY", "authenticated")]).await;
    for event in ["rest-token", "rest-request", "http-v1", "http-v2", "websocket-connect"] {
        let token = world.token(ordinary);
        let outcome = world.send(event, &token, |_| {}).await;
        assert!(outcome.answer.as_ref().is_err_and(|error| error != "Unauthorized"), "{event}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_stranger_causes_no_read_of_the_table() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({}));
    let token = world.token(|job| job.claim("iss", "https://gitlab.example.com"));
    let outcome = world.send("rest-token", &token, |_| {}).await;
    assert_eq!(outcome.answer, Err("Unauthorized".to_owned()));
    assert_eq!(world.aws.calls(), []);
}
