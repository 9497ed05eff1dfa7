//! What a job gets that may have it, and exactly what STS is asked for.

use brevet_tests::aws::Fault;
use serde_json::{Value, json};

use super::{deploy, http, ordinary, world};

/// Tags of the request to STS, in its own notation, as one object.
fn tags(request: &Value) -> Value {
    let field = |name: String| request.get(name).and_then(Value::as_str);
    let pairs = (1..=50).map_while(|number| {
        let key = field(format!("Tags.member.{number}.Key"))?;
        Some((key.to_owned(), json!(field(format!("Tags.member.{number}.Value")))))
    });
    Value::Object(pairs.collect())
}

#[tokio::test]
async fn sts_is_asked_for_this_job_and_nothing_else() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"duration_seconds": 1800}));
    let job = world.gitlab.job();
    let id = |claim: &str| job.claims()[claim].as_str().expect("ids are text").to_owned();
    let outcome = world.send("rest-get", &world.gitlab.sign(&job), |_| {}).await;
    assert_eq!(http(outcome).code(), "granted");

    let request = world.aws.last("AssumeRole").expect("STS was asked");
    assert_eq!(request["RoleArn"], "arn:aws:iam::111122223333:role/brevet/deploy");
    assert_eq!(request["RoleSessionName"], format!("gl-4711-{}-{}", id("pipeline_id"), id("job_id")));
    assert_eq!(request["DurationSeconds"], "1800");
    assert_eq!(request.get("SourceIdentity"), None);
    assert_eq!(
        tags(&request),
        json!({
            "gitlab_issuer": world.gitlab.issuer(), "gitlab_project_id": "4711", "gitlab_namespace_id": "812",
            "gitlab_ref_protected": "true", "gitlab_environment_protected": "false", "gitlab_pipeline_source": "push",
            "gitlab_user_id": "2301", "gitlab_job_id": id("job_id"),
        })
    );
}

#[tokio::test]
async fn one_body_serves_the_container_contract_and_credential_process() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let answer = world.ask("rest-get", |_| {}).await;
    assert_eq!((answer.status, &answer.headers["content-type"]), (200, &json!("application/json")));
    let body = &answer.body;
    for (member, value) in [
        ("Version", json!(1)),
        ("Code", json!("Success")),
        ("Type", json!("AWS-HMAC")),
        ("AccessKeyId", json!("ASIAFAKEFAKEFAKEFAKE")),
        ("SecretAccessKey", json!("fake-secret-access-key")),
        ("Token", json!("fake-session-token")),
        ("SessionToken", json!("fake-session-token")),
        ("AccountId", json!("111122223333")),
        ("RoleArn", json!("arn:aws:iam::111122223333:role/brevet/deploy")),
        ("Mapping", json!("deploy")),
        ("RequestId", json!("0c5f1c34-52c1-4d4c-9a61-77f2c3b1a0de")),
    ] {
        assert_eq!(body[member], value, "{member}");
    }
    let expiration = body["Expiration"].as_str().expect("there is an expiration");
    assert!(expiration.len() == 20 && expiration.ends_with('Z'), "whole UTC seconds: {expiration}");
    assert!(body["AssumedRoleArn"].as_str().is_some_and(|arn| arn.contains(":assumed-role/deploy/gl-4711-")));
}

#[tokio::test]
async fn shells_get_lines_they_can_read() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let env = world.ask("rest-get-env", |_| {}).await;
    assert!(env.text.contains("export AWS_SESSION_TOKEN='fake-session-token'\n"), "{}", env.text);
    let dotenv = world.ask("rest-get-dotenv", |_| {}).await;
    assert!(dotenv.text.contains("\nAWS_SECRET_ACCESS_KEY=fake-secret-access-key\n"), "{}", dotenv.text);
}

#[tokio::test]
async fn rows_are_read_in_one_consistent_request_each_time() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let token = world.token(ordinary);
    assert_eq!(world.ask_with(&token).await.code(), "granted");
    world.aws.empty_table(crate::world::TABLE);
    assert_eq!(world.ask_with(&token).await.code(), "no_mapping", "an edited row is obeyed by the next request");
    assert_eq!(world.aws.count("BatchGetItem"), 2);
    let request = world.aws.last("BatchGetItem").expect("rows were read");
    assert_eq!(request["RequestItems"][crate::world::TABLE]["ConsistentRead"], true);
}

#[tokio::test]
async fn a_broken_row_takes_nothing_from_the_others() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    world.put_row(deploy(), json!({"scope": world.host(), "conditions": "ref=main"}));
    let answer = world.ask("rest-get", |_| {}).await;
    assert_eq!(answer.code(), "granted");
    let told = answer.outcome.log.iter().filter(|line| line["kind"] == "invalid_mapping").count();
    let counted = answer.outcome.log.iter().filter(|line| line.get("InvalidMapping").is_some()).count();
    assert_eq!((told, counted), (1, 1));
}

#[tokio::test]
async fn rows_left_unprocessed_are_asked_for_again() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    world.aws.fail_once("BatchGetItem", Fault::Unprocessed);
    assert_eq!(world.ask("rest-get", |_| {}).await.code(), "granted");
    assert_eq!(world.aws.count("BatchGetItem"), 2);
}

#[tokio::test]
async fn the_only_mapping_open_to_the_job_needs_no_name_on_whatever_page_it_is() {
    let mut world = world().await;
    world.aws.set_page_size(1);
    for name in ["a", "b", "c"] {
        world.put_row(deploy(), json!({"name": name, "conditions": {"ref": "other", "ref_protected": "true"}}));
    }
    world.put_row(deploy(), json!({"name": "deploy"}));
    let answer = world.ask("rest-get-without-role", |_| {}).await;
    assert_eq!((answer.code(), &answer.body["Mapping"]), ("granted", &json!("deploy")));
}

#[tokio::test]
async fn a_caller_may_narrow_by_time_and_policy() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    assert_eq!(world.ask("rest-get-duration", |_| {}).await.code(), "granted");
    assert_eq!(world.aws.last("AssumeRole").expect("STS was asked")["DurationSeconds"], "900");
    assert_eq!(world.ask("rest-post-session-policy", |_| {}).await.code(), "granted");
    let policy = world.aws.last("AssumeRole").expect("STS was asked")["Policy"].clone();
    assert!(policy.as_str().is_some_and(|policy| policy.contains("nordwind-releases")), "{policy}");
}

#[tokio::test]
async fn a_session_that_is_too_large_is_tried_once_more_without_audit_only_tags() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"session_tags": ["ref", "project_path"]}));
    world.aws.fail_once("AssumeRole", Fault::packed_policy_too_large());
    let answer = world.ask("rest-get", |_| {}).await;
    assert_eq!((answer.code(), world.aws.count("AssumeRole")), ("granted", 2));
    let calls: Vec<Value> =
        world.aws.calls().into_iter().filter(|call| call.operation == "AssumeRole").map(|call| call.request).collect();
    let (first, second) = (tags(&calls[0]), tags(&calls[1]));
    assert!(
        first.as_object().map(serde_json::Map::len) > second.as_object().map(serde_json::Map::len),
        "{first} {second}"
    );
    for kept in ["gitlab_project_id", "gitlab_namespace_id", "gitlab_ref_protected"] {
        assert_eq!(first[kept], second[kept], "{kept}");
    }
    assert_ne!(answer.audit()["dropped_tags"], json!([]));
}

#[tokio::test]
async fn web_identity_forwards_the_token_and_nothing_of_our_own() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"via": "web_identity", "duration_seconds": 7200, "max_duration_seconds": 7200}));
    let token = world.token(ordinary);
    assert_eq!(world.ask_with(&token).await.code(), "granted");
    let call = world.aws.calls().pop().expect("STS was asked");
    assert_eq!((call.operation.as_str(), call.signed_for), ("AssumeRoleWithWebIdentity", None));
    assert_eq!((&call.request["WebIdentityToken"], &call.request["DurationSeconds"]), (&json!(token), &json!("7200")));
    assert_eq!(tags(&call.request), json!({}));
}

#[tokio::test]
async fn web_identity_is_narrowed_like_any_other_session() {
    let mut world = world().await;
    world.put_row(deploy(), json!({"via": "web_identity", "policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}));
    assert_eq!(world.ask("rest-post-session-policy", |_| {}).await.code(), "granted");
    let request = world.aws.last("AssumeRoleWithWebIdentity").expect("STS was asked");
    assert_eq!(request["PolicyArns.member.1.arn"], "arn:aws:iam::aws:policy/ReadOnlyAccess");
    let policy = request["Policy"].as_str().expect("there is a policy");
    assert!(policy.contains("Deny") && policy.contains("nordwind-releases"), "{policy}");
}

#[tokio::test]
async fn a_refusal_shows_what_would_have_matched_only_where_the_deployment_says_so() {
    for (variables, shown) in [(&[][..], false), (&[("DENIAL_DETAIL", "full")][..], true)] {
        let mut world = crate::world::World::start("credentials", variables).await;
        world.put_row(deploy(), json!({"conditions": {"ref": "release/only-admins-know", "ref_protected": "true"}}));
        let answer = world.ask("rest-get", |_| {}).await;
        assert_eq!(answer.code(), "conditions_not_met");
        assert_eq!(answer.body["denials"][0]["presented"], "main");
        assert_eq!(answer.text.contains("only-admins-know"), shown, "{}", answer.text);
    }
}
