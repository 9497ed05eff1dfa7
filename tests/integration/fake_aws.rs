//! The fake answers as the SDK's own clients expect, or the tests that rest on it mean nothing.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use brevet_function_kit::Https;
use brevet_tests::aws::{FakeAws, Fault};
use serde_json::json;

fn dynamodb(aws: &FakeAws) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .endpoint_url(aws.url())
        .credentials_provider(Credentials::for_tests())
        .retry_config(RetryConfig::disabled())
        .http_client(Https::new(None).expect("the system has certificates").sdk_client())
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

fn sts(aws: &FakeAws) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .endpoint_url(aws.url())
        .credentials_provider(Credentials::for_tests())
        .retry_config(RetryConfig::disabled())
        .http_client(Https::new(None).expect("the system has certificates").sdk_client())
        .build();
    aws_sdk_sts::Client::from_conf(config)
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn row(name: &str) -> serde_json::Value {
    json!({"scope": {"S": "gitlab.example.com/project/4711"}, "name": {"S": name}})
}

#[tokio::test]
async fn faults_arrive_as_the_errors_the_services_have() {
    let aws = FakeAws::start().await;
    aws.fail_once("AssumeRole", Fault::AccessDenied("not authorized to perform: sts:TagSession & <more>".to_owned()));
    aws.fail_once("AssumeRole", Fault::packed_policy_too_large());
    aws.fail_once("AssumeRole", Fault::Throttle);
    aws.fail_once("AssumeRole", Fault::Internal);
    for code in ["AccessDenied", "PackedPolicyTooLarge", "Throttling", "InternalServerError"] {
        let request = sts(&aws).assume_role().role_arn("arn:aws:iam::111122223333:role/brevet/deploy");
        let error = request.role_session_name("gl-1-2-3").send().await.expect_err("a fault was planned");
        assert_eq!(error.into_service_error().meta().code(), Some(code));
    }
    aws.fail("GetItem", Fault::Throttle);
    let error = dynamodb(&aws).get_item().table_name("t").key("scope", text("x")).send().await;
    let error = error.expect_err("a fault was planned").into_service_error();
    assert!(error.is_provisioned_throughput_exceeded_exception());
}

#[tokio::test]
async fn batches_are_read_by_key_and_may_be_left_unprocessed() {
    let aws = FakeAws::start().await;
    aws.put_item("t", row("deploy"));
    aws.fail_once("BatchGetItem", Fault::Unprocessed);
    let key =
        |name: &str| [("scope".to_owned(), text("gitlab.example.com/project/4711")), ("name".to_owned(), text(name))];
    let keys = KeysAndAttributes::builder().keys(key("deploy").into()).keys(key("other").into()).build();
    let request = dynamodb(&aws).batch_get_item().request_items("t", keys.expect("keys are complete"));

    let nothing = request.clone().send().await.expect("the fake answers");
    assert_eq!(nothing.unprocessed_keys().map(std::collections::HashMap::len), Some(1));
    let found = request.send().await.expect("the fake answers");
    assert_eq!(found.responses().and_then(|tables| tables.get("t")).map(Vec::len), Some(1));
    assert_eq!(aws.count("BatchGetItem"), 2);
}

#[tokio::test]
async fn queries_have_as_many_pages_as_they_need() {
    let aws = FakeAws::start().await;
    aws.set_page_size(2);
    for name in ["a", "b", "c", "d", "e"] {
        aws.put_item("t", row(name));
    }
    aws.put_item("t", json!({"scope": {"S": "gitlab.example.com"}, "name": {"S": "a"}}));
    let query = dynamodb(&aws).query().table_name("t").key_condition_expression("#s = :s");
    let query = query.expression_attribute_names("#s", "scope");
    let query = query.expression_attribute_values(":s", text("gitlab.example.com/project/4711"));
    let items: Vec<_> = query.into_paginator().items().send().try_collect().await.expect("the fake answers");
    assert_eq!((items.len(), aws.count("Query")), (5, 3));
}

#[tokio::test]
async fn a_set_with_a_limit_takes_no_more_members_than_that() {
    let aws = FakeAws::start().await;
    let set = |member: &str| AttributeValue::Ss(vec![member.to_owned()]);
    for (member, fits) in [("a", true), ("b", true), ("c", false), ("a", true)] {
        let update = dynamodb(&aws).update_item().table_name("uses").key("token", text("t"));
        let update = update.update_expression("SET expires_at = :e ADD #m :set");
        let update = update.condition_expression("attribute_not_exists(#m) OR size(#m) < :max OR contains(#m, :this)");
        let update = update.expression_attribute_names("#m", "members");
        let update = update.expression_attribute_values(":e", AttributeValue::N("1795324401".to_owned()));
        let update = update.expression_attribute_values(":max", AttributeValue::N("2".to_owned()));
        let update = update.expression_attribute_values(":this", text(member));
        let outcome = update.expression_attribute_values(":set", set(member)).send().await;
        assert_eq!(outcome.is_ok(), fits, "{member}");
    }
    let update = dynamodb(&aws).update_item().table_name("uses").key("token", text("t"));
    let update = update.update_expression("DELETE members :set").expression_attribute_values(":set", set("a"));
    update.send().await.expect("the fake answers");
    assert_eq!(aws.items("uses")[0]["members"], json!({"SS": ["b"]}));
}

#[tokio::test]
async fn a_role_is_assumed_and_the_call_kept() {
    let aws = FakeAws::start().await;
    let request = sts(&aws).assume_role().role_arn("arn:aws:iam::111122223333:role/brevet/deploy");
    let request = request.role_session_name("gl-4711-990231-5550142").duration_seconds(900);
    let answer = request.send().await.expect("the fake answers");
    let user = answer.assumed_role_user().expect("somebody was assumed");
    assert_eq!(user.arn(), "arn:aws:sts::111122223333:assumed-role/deploy/gl-4711-990231-5550142");
    let credentials = answer.credentials().expect("there are credentials");
    let lifetime = credentials.expiration().secs() - brevet_tests::gitlab::now();
    assert!((890..=910).contains(&lifetime), "{lifetime}");
    let call = aws.last("AssumeRole").expect("the call was kept");
    assert_eq!(call["DurationSeconds"], "900");
    assert!(aws.calls().iter().all(|call| call.signed_for.is_some()));
}
