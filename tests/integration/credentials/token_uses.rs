//! Rows with `max_uses_per_token`, and the ledger that counts.

use serde_json::json;

use super::{Http, denied_by_sts, deploy, http, ordinary, world};

#[tokio::test]
async fn a_token_is_used_as_often_as_the_row_allows() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 2}));
    let token = world.token(ordinary);
    for expected in ["granted", "granted", "token_already_used", "token_already_used"] {
        assert_eq!(world.ask_with(&token).await.code(), expected);
    }
    let other = world.token(ordinary);
    assert_eq!(world.ask_with(&other).await.code(), "granted", "another token has its own uses");
}

#[tokio::test]
async fn of_many_requests_at_once_only_one_gets_the_single_use() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 1}));
    let token = world.token(ordinary);
    let outcomes: Vec<Http> = world.send_at_once("rest-get", &token, 8).await.into_iter().map(http).collect();
    let granted = outcomes.iter().filter(|outcome| outcome.status == 200).count();
    assert_eq!((granted, world.aws.count("AssumeRole")), (1, 1));
}

#[tokio::test]
async fn a_refused_request_burns_no_use() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"max_uses_per_token": 1}));
    let token = world.token(ordinary);
    world.aws.fail("AssumeRole", denied_by_sts("sts:AssumeRole"));
    assert_eq!(world.ask_with(&token).await.code(), "target_role_refused");
    world.aws.mend();
    assert_eq!(world.ask_with(&token).await.code(), "granted");
}
