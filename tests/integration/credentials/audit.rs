//! The record an auditor finds.

use serde_json::json;

use super::{deploy, ordinary, world};

#[tokio::test]
async fn the_audit_line_ties_the_session_to_the_job_and_holds_no_secret() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"version": 7}));
    let answer = world.ask("rest-get", |_| {}).await;
    let audit = answer.audit();
    for (member, value) in [
        ("decision", json!("granted")),
        ("code", json!("granted")),
        ("request_id", json!("0c5f1c34-52c1-4d4c-9a61-77f2c3b1a0de")),
        ("issuer", json!(world.gitlab.issuer())),
        ("project_id", json!("4711")),
        ("user_id", json!("2301")),
        ("ref", json!("main")),
        ("role_arn", json!("arn:aws:iam::111122223333:role/brevet/deploy")),
        ("access_key_id", json!("ASIAFAKEFAKEFAKEFAKE")),
        ("sts_request_id", json!("fake-sts-request")),
        ("source_ip", json!("203.0.113.24")),
        ("user_agent", json!("aws-cli/2.33.2")),
    ] {
        assert_eq!(audit[member], value, "{member}");
    }
    assert_eq!(audit["mapping"], json!({"scope": world.scope(), "name": "deploy", "version": "7"}));
    let request = world.aws.last("AssumeRole").expect("STS was asked");
    assert_eq!(audit["session_name"], request["RoleSessionName"]);
    assert_eq!(audit["expiration"], answer.body["Expiration"]);
}

#[tokio::test]
async fn a_repeated_refusal_is_marked_as_one() {
    let mut world = world().await;
    let token = world.token(ordinary);
    assert_eq!(world.ask_with(&token).await.audit().get("repeat"), None);
    assert_eq!(world.ask_with(&token).await.audit()["repeat"], true);
}
