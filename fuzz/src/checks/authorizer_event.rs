use std::cell::OnceCell;
use std::collections::HashMap;

use brevet_authorizer::{Answer, App, Failed, Settings};
use brevet_function_kit::{Environment, Log, unix_now};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::world::{PLACEHOLDER, bytes, claims, forge, sign, trusted_with_keys, wait};

/// The event of an authorizer, whole: there is an answer; nobody without a signed token (`{{token}}`; `{{forged}}` is one
/// that somebody else signed) is let in; and who is let in gets the API and stage of the event and no other.
pub fn authorizer_event(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    thread_local! {
        static APP: OnceCell<(App, String, String)> = const { OnceCell::new() };
    }
    APP.with(|app| {
        let (app, signed, forged) = app.get_or_init(start);
        let text_with_tokens = text.replace(PLACEHOLDER, signed).replace("{{forged}}", forged);
        let Ok(raw) = serde_json::from_str::<&RawValue>(&text_with_tokens) else { return };
        let Ok(event) = serde_json::from_str::<Value>(&text_with_tokens) else { return };
        match wait(app.handle(raw)) {
            Err(Failed::Unauthorized | Failed::CannotTell) => {}
            Ok(answer) => check(&event, text.contains(PLACEHOLDER), &answer),
        }
    });
}

fn check(event: &Value, may_be_let_in: bool, answer: &Answer) {
    let answer = serde_json::to_value(answer).expect("an answer is JSON");
    assert!(!has_null(&answer), "API Gateway takes null for a broken answer: {answer}");
    let flat = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    assert!(answer["context"].as_object().is_some_and(|context| context.values().all(flat)), "{answer}");
    let asked = ["methodArn", "routeArn"].iter().filter_map(|name| event.get(*name)?.as_str()).collect::<Vec<_>>();
    let statements = answer.pointer("/policyDocument/Statement").and_then(Value::as_array).cloned().unwrap_or_default();
    for resource in
        statements.iter().flat_map(|statement| statement["Resource"].as_array().cloned().unwrap_or_default())
    {
        let stage = resource.as_str().and_then(|resource| resource.strip_suffix('*')).expect("a whole stage");
        let within = stage.splitn(6, ':').last().unwrap_or_default();
        assert!(within.ends_with('/') && within.matches('/').count() == 2, "{stage}");
        assert!(asked.iter().any(|arn| arn.starts_with(stage)), "{stage} was not asked for");
    }
    let allowed = statements.iter().any(|statement| statement["Effect"] == "Allow") || answer["isAuthorized"] == true;
    assert!(!allowed || may_be_let_in, "let in without a token: {answer}");
    assert!(allowed || statements.iter().all(|statement| statement["Effect"] == "Deny"), "{answer}");
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

/// The function, a token for it, and a forged one.
fn start() -> (App, String, String) {
    const MONTH: u64 = 31 * 86_400;
    let patient = json!({"max_token_age_seconds": MONTH, "max_token_lifetime_seconds": MONTH});
    let variables = [("TRUSTED_ISSUERS", trusted_with_keys(patient)), ("ROUTE_POLICY", "authenticated".to_owned())];
    let variables: HashMap<String, String> = variables.map(|(name, value)| (name.to_owned(), value)).into();
    let settings = Settings::read(&Environment::from(variables)).expect("the settings are whole");
    let app = wait(App::start(settings, Log::to(|_| ()))).expect("the function starts");
    let mut claims = claims();
    let now = unix_now();
    claims
        .extend([("iat", now), ("nbf", now), ("exp", now + MONTH)].map(|(name, time)| (name.to_owned(), json!(time))));
    (app, sign(&bytes(&claims)), forge(&bytes(&claims)))
}
