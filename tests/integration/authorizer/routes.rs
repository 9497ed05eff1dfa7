//! `ROUTE_POLICY=mappings`: the answer is cached by API Gateway, so it has to be right for the next route too.

use serde_json::json;

use super::{allows, answer, arn, by_mappings, reports};

#[tokio::test]
async fn a_job_without_a_row_is_denied_the_whole_stage_with_the_reason() {
    let mut world = by_mappings().await;
    let outcome = world.call("GET", "/whoami").await;
    let answer = answer(&outcome);
    assert!(!allows(answer, &arn("GET", "/whoami")) && !allows(answer, &arn("GET", "/")));
    assert_eq!(answer["policyDocument"]["Statement"][0]["Effect"], "Deny");
    assert_eq!(answer["context"]["reason_code"], "no_mapping");
    assert!(answer["context"]["reason"].as_str().is_some_and(|reason| !reason.contains(['"', '\\'])));
}

#[tokio::test]
async fn rows_refuse_by_the_same_codes_as_for_credentials() {
    let cases = [
        ("conditions_not_met", json!({"conditions": {"ref": "release", "ref_protected": "true"}})),
        ("path_changed", json!({"project_path": "nordwind/platform/payments"})),
        ("no_mapping", json!({"enabled": false})),
        ("no_mapping", json!({"mode": "report"})),
        ("no_mapping", json!({"routs": ["GET /whoami"]})),
        ("explicitly_denied", json!({"effect": "deny", "routes": null})),
    ];
    for (code, changes) in cases {
        let mut world = by_mappings().await;
        world.put_row(reports(), changes.clone());
        let outcome = world.call("GET", "/whoami").await;
        assert!(!allows(answer(&outcome), &arn("GET", "/whoami")), "{changes}");
        assert_eq!(answer(&outcome)["context"]["reason_code"], code, "{changes}");
    }
}

#[tokio::test]
async fn routes_are_what_the_row_says_and_not_a_segment_more() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({}));
    let expected = [
        ("GET", "/whoami", true),
        ("GET", "/reports/7", true),
        ("POST", "/reports", true),
        ("POST", "/whoami", false),
        ("DELETE", "/reports/7", false),
        ("GET", "/reports", false),
        ("GET", "/reports/", false),
        ("GET", "/reports/7/secrets", false),
        ("GET", "/reports/7/", false),
        ("GET", "/reportsx/7", false),
        ("GET", "/WHOAMI", false),
        ("GET", "/", false),
        ("GET", "/admin", false),
    ];
    // Whichever route comes first and is cached, each other one gets the verdict it would have had by itself.
    for (method, path, _) in expected {
        let outcome = world.call(method, path).await;
        for (method, path, allowed) in expected {
            assert_eq!(allows(answer(&outcome), &arn(method, path)), allowed, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_deny_row_takes_one_route_away_from_an_open_rest() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({"routes": ["GET /**"]}));
    let closed = json!({"scope": world.host(), "effect": "deny", "routes": ["GET /reports/**"], "conditions": null});
    world.put_row(reports(), closed);
    let outcome = world.call("GET", "/whoami").await;
    let answer = answer(&outcome);
    assert!(allows(answer, &arn("GET", "/whoami")) && !allows(answer, &arn("GET", "/reports/7")));
}

#[tokio::test]
async fn a_path_of_the_clients_making_opens_nothing_by_its_wildcards() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({}));
    for path in ["/*", "/reports/*/x", "/reports/?/x", "/whoami*"] {
        let outcome = world.call("GET", path).await;
        assert!(!allows(answer(&outcome), &arn("GET", "/admin")), "{path}");
        assert!(!allows(answer(&outcome), &arn("GET", "/reports/7/secrets")), "{path}");
    }
}

#[tokio::test]
async fn a_reason_stands_beside_a_policy_that_opens_only_some_routes() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({}));
    let outcome = world.call("GET", "/admin").await;
    let context = &answer(&outcome)["context"];
    assert_eq!(context["reason_code"], "conditions_not_met");
    assert!(context["reason"].as_str().is_some_and(|reason| reason.contains("GET /whoami")), "{context}");
    assert_eq!(context["project_id"], "4711");
}

#[tokio::test]
async fn more_routes_than_an_answer_can_say_are_never_said() {
    let mut world = by_mappings().await;
    let path = |number: u32| format!("/a-rather-long-name-of-a-route/{number:04}");
    let routes: Vec<String> = (0..200).map(|number| format!("GET {}", path(number))).collect();
    world.put_row(reports(), json!({"routes": routes}));
    let outcome = world.call("GET", &path(1)).await;
    assert!(answer(&outcome).to_string().len() <= 8 * 1024, "{}", answer(&outcome));
    assert!(!allows(answer(&outcome), &arn("GET", &path(2))) && !allows(answer(&outcome), &arn("GET", "/admin")));
    let warned = |line: &&serde_json::Value| {
        line["kind"].as_str().is_some_and(|kind| matches!(kind, "policy_too_large" | "routes_not_expressible"))
    };
    assert!(outcome.log.iter().any(|line| warned(&line)), "{:?}", outcome.log);
}

#[tokio::test]
async fn a_row_names_the_usage_plan_its_use_counts_against() {
    let mut world = by_mappings().await;
    world.put_row(reports(), json!({"usage_plan_key": "reports-gold-key-0123456789"}));
    let outcome = world.call("GET", "/whoami").await;
    assert_eq!(answer(&outcome)["usageIdentifierKey"], "reports-gold-key-0123456789");
    let none = super::authenticated().await.call("GET", "/whoami").await;
    assert_eq!(answer(&none).get("usageIdentifierKey"), None);
}

#[tokio::test]
async fn a_verified_job_may_call_the_whole_stage_where_the_owner_says_so() {
    let mut world = super::authenticated().await;
    let outcome = world.call("GET", "/whoami").await;
    for (method, path) in [("GET", "/whoami"), ("DELETE", "/anything/at/all")] {
        assert!(allows(answer(&outcome), &arn(method, path)));
    }
    assert!(!allows(answer(&outcome), &arn("GET", "/whoami").replace("/v1/", "/v2/")), "another stage");
    assert_eq!(world.aws.calls(), []);
}
