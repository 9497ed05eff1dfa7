//! Every sample event, and what an ordinary job and a stranger are told in its shape.

use brevet_tests::events::sample_events;
use serde_json::{Value, json};

use super::{allows, answer, authenticated, ordinary};
use crate::world::{Outcome, World};

/// What an ordinary job's event leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// An IAM policy that allows.
    Allow,
    /// An IAM policy that denies.
    Deny,
    /// The error that REST and WebSocket APIs answer with 401.
    Unauthorized,
    /// Another error, which becomes a 500.
    Failed,
}

const EVENTS: [(&str, Told); 18] = [
    ("http-v1", Told::Allow),
    ("http-v2", Told::Allow),
    ("http-v2-named-stage", Told::Allow),
    ("http-v2-token-in-cookie", Told::Deny),
    ("http-v2-two-tokens", Told::Deny),
    ("http-v2-without-identity-source", Told::Allow),
    ("no-authorizer-event", Told::Failed),
    ("rest-request", Told::Allow),
    ("rest-request-mutual-tls", Told::Allow),
    ("rest-request-null-maps", Told::Allow),
    ("rest-request-token-in-query", Told::Unauthorized),
    ("rest-request-two-tokens", Told::Unauthorized),
    ("rest-request-without-token", Told::Unauthorized),
    ("rest-token", Told::Allow),
    ("rest-token-arn-missing", Told::Failed),
    ("rest-token-other-scheme", Told::Unauthorized),
    ("rest-token-without-bearer", Told::Allow),
    ("websocket-connect", Told::Allow),
];

/// One event of each shape, and the ARN it asks for.
const SHAPES: [&str; 5] = ["rest-token", "rest-request", "http-v1", "http-v2", "websocket-connect"];

fn told(outcome: &Outcome, arn: &str) -> Told {
    match &outcome.answer {
        Ok(answer) if allows(answer, arn) => Told::Allow,
        Ok(_) => Told::Deny,
        Err(error) if error == "Unauthorized" => Told::Unauthorized,
        Err(_) => Told::Failed,
    }
}

async fn send(world: &mut World, event: &str, token: &str) -> (Outcome, String) {
    let mut arn = String::new();
    let outcome = world.send(event, token, |event| {
        arn = event.get("methodArn").or(event.get("routeArn")).and_then(Value::as_str).unwrap_or_default().to_owned();
    });
    (outcome.await, arn)
}

#[test]
fn every_sample_event_is_sent_by_a_test() {
    let sent: Vec<_> = EVENTS.iter().map(|(event, _)| *event).collect();
    assert_eq!(sample_events("authorizer"), sent);
}

#[tokio::test]
async fn every_sample_event_has_its_answer() {
    let mut world = authenticated().await;
    for (event, expected) in EVENTS {
        let token = world.token(ordinary);
        let (outcome, arn) = send(&mut world, event, &token).await;
        assert_eq!(told(&outcome, &arn), expected, "{event}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_token_that_proves_nothing_opens_no_shape() {
    let mut world = authenticated().await;
    for event in SHAPES {
        let expected = if event.starts_with("http") { Told::Deny } else { Told::Unauthorized };
        let tokens = [
            world.token(|job| job.claim("iss", "https://gitlab.example.com")),
            world.token(|job| job.claim("aud", "https://other.example")),
            world.token(|job| job.aged(7_200)),
            world.token(|job| job.header("kid", "no-such-key")),
            world.token(|job| job.without("job_id")),
            "not.a.token".to_owned(),
        ];
        for token in tokens {
            let (outcome, arn) = send(&mut world, event, &token).await;
            assert_eq!(told(&outcome, &arn), expected, "{event}: {outcome:?}");
        }
    }
    assert_eq!(world.aws.calls(), []);
}

#[tokio::test]
async fn the_simple_shape_says_no_as_clearly_as_yes() {
    let simple = [("ROUTE_POLICY", "authenticated"), ("AUTHORIZER_RESPONSE", "simple")];
    let mut world = World::start("authorizer", &simple).await;
    let (good, bad) = (world.token(ordinary), world.token(|job| job.aged(7_200)));
    let (yes, _) = send(&mut world, "http-v2", &good).await;
    assert_eq!(answer(&yes)["isAuthorized"], true);
    assert_eq!(answer(&yes).get("policyDocument"), None);
    let (no, _) = send(&mut world, "http-v2", &bad).await;
    assert_eq!(
        (&answer(&no)["isAuthorized"], &answer(&no)["context"]["reason_code"]),
        (&json!(false), &json!("token_expired"))
    );
    for event in ["rest-token", "rest-request", "http-v1", "websocket-connect"] {
        let (outcome, _) = send(&mut world, event, &good).await;
        assert!(answer(&outcome).get("policyDocument").is_some(), "{event} knows no simple shape");
    }
}

#[tokio::test]
async fn the_backend_learns_the_claims_as_flat_strings() {
    let mut world = authenticated().await;
    for event in SHAPES {
        let job = world.gitlab.job();
        let token = world.gitlab.sign(&job);
        let (outcome, _) = send(&mut world, event, &token).await;
        let answer = answer(&outcome);
        let context = answer["context"].as_object().expect("the context is an object");
        assert!(context.values().all(Value::is_string), "{event}: {context:?}");
        for claim in ["project_id", "ref", "ref_protected", "user_login", "pipeline_source", "jti", "job_id"] {
            assert_eq!(context[claim], job.claims()[claim], "{event}: {claim}");
        }
        assert_eq!(context["issuer"], world.gitlab.issuer());
        assert_eq!(context["exp"], job.claims()["exp"].to_string());
        for reserved in ["claims", "principalId", "integrationLatency", "reason"] {
            assert!(!context.contains_key(reserved), "{event}: {reserved}");
        }
        let job_id = job.claims()["job_id"].as_str().expect("ids are text");
        assert_eq!(answer["principalId"], format!("{}/project/4711/job/{job_id}", world.host()), "{event}");
        assert!(!answer.to_string().contains("null"), "{event}: {answer}");
    }
}

#[tokio::test]
async fn every_decision_leaves_an_audit_line() {
    let mut world = authenticated().await;
    let (good, bad) = (world.token(ordinary), world.token(|job| job.aged(7_200)));
    for (token, decision, code) in [(good, "granted", "granted"), (bad, "denied", "token_expired")] {
        let (outcome, _) = send(&mut world, "rest-request", &token).await;
        let audit = outcome.log.iter().find(|line| line["kind"] == "audit").expect("there is an audit line");
        assert_eq!((&audit["decision"], &audit["code"]), (&json!(decision), &json!(code)));
        assert_eq!(audit["request_id"], "0c5f1c34-52c1-4d4c-9a61-77f2c3b1a0de");
        assert_eq!(audit["function"], "authorizer");
    }
}
