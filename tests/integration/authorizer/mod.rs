//! The `authorizer` function over sample events.

mod events;
mod faults;
mod routes;

use brevet_tests::gitlab::JobToken;
use serde_json::{Value, json};

use crate::world::{Outcome, World};

const API: &str = "arn:aws:execute-api:eu-central-1:111122223333:r3st4p1abc/v1";

/// Any verified job may call anything.
async fn authenticated() -> World {
    World::start("authorizer", &[("ROUTE_POLICY", "authenticated")]).await
}

/// Rows `api.reports` say what a job may call.
async fn by_mappings() -> World {
    World::start("authorizer", &[("ROUTE_POLICY", "mappings"), ("API_NAME", "reports")]).await
}

/// A row that opens a few routes to the protected `main` of project 4711.
fn reports() -> Value {
    json!({
        "name": "api.reports",
        "routes": ["GET /whoami", "GET /reports/*", "POST /reports"],
        "conditions": {"ref": "main", "ref_protected": "true"},
    })
}

fn ordinary(job: JobToken) -> JobToken {
    job
}

impl World {
    /// What an ordinary job is told when it calls a route of the REST API.
    async fn call(&mut self, method: &str, path: &str) -> Outcome {
        let (token, arn) = (self.token(ordinary), arn(method, path));
        self.send("rest-token", &token, |event| event["methodArn"] = Value::from(arn)).await
    }
}

pub(crate) fn arn(method: &str, path: &str) -> String {
    format!("{API}/{method}{path}")
}

/// The answer, which has to be there.
fn answer(outcome: &Outcome) -> &Value {
    outcome.answer.as_ref().unwrap_or_else(|error| panic!("the function failed: {error}"))
}

/// What API Gateway would do with the answer for this ARN: nothing is allowed but what some statement allows and none
/// denies.
pub(crate) fn allows(answer: &Value, arn: &str) -> bool {
    if let Some(authorized) = answer.get("isAuthorized") {
        return authorized == true;
    }
    let statements = answer["policyDocument"]["Statement"].as_array().expect("a policy has statements");
    let says = |effect: &str| {
        statements.iter().filter(|statement| statement["Effect"] == effect).any(|statement| {
            let resources = statement["Resource"].as_array().expect("resources are a list");
            resources.iter().filter_map(Value::as_str).any(|resource| matches(resource.as_bytes(), arn.as_bytes()))
        })
    };
    says("Allow") && !says("Deny")
}

/// IAM's wildcards: `*` is any run of characters, slashes too, and `?` any one.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if matches(rest, text) => true,
        (Some((b'*', _)), Some((_, text))) => matches(pattern, text),
        (Some((b'?', rest)), Some((_, text))) => matches(rest, text),
        (Some((one, rest)), Some((other, text))) => one == other && matches(rest, text),
        _ => false,
    }
}

#[test]
fn the_tests_read_wildcards_as_iam_does() {
    for (pattern, text, expected) in [
        ("a/*", "a/b/c", true),
        ("a/*/c", "a/b", false),
        ("a/?", "a/bc", false),
        ("*", "", true),
        ("a", "ab", false),
        ("a/*/", "a/b/", true),
    ] {
        assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
    }
}
