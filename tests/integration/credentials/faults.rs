//! SDKs give up on a credential endpoint after one to two seconds: whatever hangs, there is an answer before that.

use std::time::Duration;

use brevet_tests::aws::Fault;
use brevet_tests::gitlab::Outage;
use serde_json::json;

use super::{Http, deploy, ordinary, world};
use crate::world::World;

const PATIENCE: Duration = Duration::from_millis(1_800);

fn check(answer: &Http, code: &str) {
    assert_eq!((answer.code(), answer.status), (code, 503), "{answer:?}");
    assert!(answer.outcome.took < PATIENCE, "took {:?}", answer.outcome.took);
}

#[tokio::test]
async fn a_table_that_hangs_is_answered_for_in_time() {
    for (event, operation) in
        [("rest-get", "BatchGetItem"), ("rest-get-without-role", "Query"), ("rest-mappings", "Query")]
    {
        let mut world = world().await;
        world.aws.fail(operation, Fault::Hang);
        check(&world.ask(event, |_| {}).await, "mappings_unavailable");
    }
}

#[tokio::test]
async fn an_sts_that_hangs_is_answered_for_in_time() {
    for (row, operation) in [(json!({}), "AssumeRole"), (json!({"via": "web_identity"}), "AssumeRoleWithWebIdentity")] {
        let mut world = world().await;
        world.put_row(deploy(), row);
        world.aws.fail(operation, Fault::Hang);
        check(&world.ask("rest-get", |_| {}).await, "sts_unavailable");
    }
}

#[tokio::test]
async fn a_ledger_that_hangs_gives_nothing_away_and_is_answered_for_in_time() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 1}));
    world.aws.fail("UpdateItem", Fault::Hang);
    check(&world.ask("rest-get", |_| {}).await, "mappings_unavailable");
    assert_eq!(world.aws.count("AssumeRole"), 0);
}

#[tokio::test]
async fn everything_hanging_one_after_the_other_still_fits_into_the_time() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 1}));
    world.aws.fail_once("BatchGetItem", Fault::Hang);
    world.aws.fail("AssumeRole", Fault::Hang);
    let answer = world.ask("rest-get", |_| {}).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.outcome.took < PATIENCE, "took {:?}", answer.outcome.took);
}

#[tokio::test]
async fn a_refund_that_hangs_does_not_hold_the_answer() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 1}));
    world.aws.fail_once("UpdateItem", Fault::Throttle);
    world.aws.fail("AssumeRole", Fault::Hang);
    check(&world.ask("rest-get", |_| {}).await, "sts_unavailable");
}

#[tokio::test]
async fn keys_that_hang_are_answered_for_in_time() {
    let mut world = World::start_trusting("credentials", json!({"jwks_uri": "http://localhost:1/keys"}), &[]).await;
    let token = world.token(ordinary);
    check(&world.ask_with(&token).await, "keys_unavailable");

    let mut world = super::world().await;
    world.gitlab.instance().rotate().expect("memory can be written");
    world.gitlab.set_outage(Outage::Slow);
    let token = world.token(ordinary);
    let answer = world.ask_with(&token).await;
    assert!(answer.status >= 400 && answer.outcome.took < PATIENCE, "{answer:?}");
}

#[tokio::test]
async fn a_single_fault_of_a_service_is_tried_again_within_the_time() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    world.aws.fail_once("BatchGetItem", Fault::Throttle);
    world.aws.fail_once("AssumeRole", Fault::Internal);
    assert_eq!(world.ask("rest-get", |_| {}).await.code(), "granted");
}

#[tokio::test]
async fn a_gitlab_that_is_down_when_the_function_starts_does_not_stop_it() {
    let mut world = World::start_trusting("credentials", json!({"jwks_uri": "http://localhost:1/keys"}), &[]).await;
    let answer = world.ask("rest-get-without-token", |_| {}).await;
    assert_eq!((answer.code(), answer.status), ("token_missing", 401), "{answer:?}");
}
