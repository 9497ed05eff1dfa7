//! Events with any one member missing or of another kind: there is an answer, no crash, and nobody gets in by it.

use brevet_tests::events::sample_event;
use serde_json::{Value, json};

use crate::world::World;

/// The event with each of its members, at whatever depth, replaced in turn.
pub(crate) fn mangled(event: &Value) -> Vec<(String, Value)> {
    let mut pointers = Vec::new();
    collect(event, "", &mut pointers);
    let replacements = [Value::Null, json!(7), json!(""), json!([]), json!({"x": "y"}), json!("\u{0}\u{e9}\"\\")];
    let mut events = Vec::new();
    for pointer in &pointers {
        for replacement in &replacements {
            let mut copy = event.clone();
            *copy.pointer_mut(pointer).expect("the pointer came from the event") = replacement.clone();
            events.push((format!("{pointer} = {replacement}"), copy));
        }
    }
    events
}

fn collect(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let mut visit = |name: &str, child: &Value| {
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        collect(child, &pointer, found);
        found.push(pointer);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, child)| visit(name, child)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, child)| visit(&index.to_string(), child)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_credentials_function_answers_them_all_with_a_refusal_or_as_if_nothing_were_wrong() {
    let mut world = World::start("credentials", &[]).await;
    let token = world.token(|job| job);
    for case in ["rest-post", "http-v2-post", "rest-get-by-name", "rest-whoami", "authorizer-event"] {
        for (change, event) in mangled(&sample_event("credentials", case, &token)) {
            let outcome = world.send(case, &token, |sent| *sent = event).await;
            let answer = outcome.answer.expect("the function always answers");
            let status = answer["statusCode"].as_u64().unwrap_or_default();
            // There is no row, so 403 is what an event without damage gets; `whoami` needs none.
            let allowed = case == "rest-whoami" && matches!(status, 200 | 500);
            assert!(matches!(status, 400 | 401 | 403) || allowed, "{case} {change}: {answer}");
        }
    }
    assert_eq!(world.aws.count("AssumeRole"), 0);
}

#[tokio::test]
async fn the_authorizer_lets_nobody_in_by_them() {
    let mut world = World::start("authorizer", &[("ROUTE_POLICY", "authenticated")]).await;
    let stranger = world.token(|job| job.claim("iss", "https://gitlab.example.com"));
    for case in ["rest-token", "rest-request", "http-v1", "http-v2", "websocket-connect"] {
        for (change, event) in mangled(&sample_event("authorizer", case, &stranger)) {
            let outcome = world.send(case, &stranger, |sent| *sent = event).await;
            let allowed = outcome.answer.as_ref().is_ok_and(|answer| answer.to_string().contains(r#""Allow""#));
            assert!(!allowed, "{case} {change}: {outcome:?}");
        }
    }
}
