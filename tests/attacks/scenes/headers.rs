//! Where the token stands, and what stands beside it: both functions, every shape of event.

use brevet_tests::contract::{refuses_the_token, status_of};
use brevet_tests::events::{sample_event, set_authorization};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case_file::{Faults, check_names, read};
use crate::world::Outcome;

const CREDENTIALS: [&str; 3] = ["rest-get", "http-v1-get", "http-v2-get"];
const AUTHORIZER: [&str; 5] = ["rest-token", "rest-request", "http-v1", "http-v2", "websocket-connect"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    values: Vec<Values>,
    elsewhere: Vec<Elsewhere>,
}

/// Values of `Authorization` headers, with `{token}` for a good token and `{other}` for another good one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    name: String,
    values: Vec<String>,
    expect: String,
    /// The credentials function's code where it is another: its events cannot hold every byte.
    credentials: Option<String>,
}

/// Changes to one event, by JSON pointer: `null` there takes a member away, `[null]` makes it null.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Elsewhere {
    name: String,
    function: String,
    event: String,
    set: Map<String, Value>,
    expect: String,
}

impl Values {
    fn filled(&self, token: &str, other: &str) -> Vec<String> {
        self.values.iter().map(|value| value.replace("{token}", token).replace("{other}", other)).collect()
    }
}

fn filled(value: &Value, token: &str) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace("{token}", token)),
        Value::Array(items) => items.iter().map(|item| filled(item, token)).collect(),
        other => other.clone(),
    }
}

fn set(event: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let parent = event.pointer_mut(parent).unwrap_or_else(|| panic!("the event has nothing at `{parent}`"));
    let members = parent.as_object_mut().unwrap_or_else(|| panic!("`{pointer}` is in no object"));
    match value {
        Value::Null => drop(members.remove(name)),
        value if value == json!([null]) => drop(members.insert(name.to_owned(), Value::Null)),
        value => drop(members.insert(name.to_owned(), value)),
    }
}

fn audited(outcome: &Outcome) -> &str {
    let audit = outcome.log.iter().find(|line| line["kind"] == "audit");
    audit.and_then(|line| line["code"].as_str()).unwrap_or("no audit line")
}

fn check_credentials(faults: &mut Faults, name: &str, expect: &str, outcome: &Outcome) {
    let answer = outcome.answer.as_ref().expect("the function always answers");
    let told = (audited(outcome), answer["statusCode"].as_u64().expect("there is a status"));
    faults.expect(name, told, (expect, status_of(expect).expect("the contract has the code")));
}

/// REST and WebSocket APIs know one error that means 401; HTTP APIs are told no.
fn check_authorizer(faults: &mut Faults, name: &str, expect: &str, event: &str, outcome: &Outcome) {
    let answered = match &outcome.answer {
        Ok(answer) => {
            let statements = answer["policyDocument"]["Statement"].as_array().expect("a policy has statements");
            statements.iter().map(|statement| statement["Effect"].as_str().unwrap_or_default()).collect::<String>()
        }
        Err(error) => error.clone(),
    };
    let expected = match expect {
        "granted" => "Allow",
        _ if event.starts_with("http") => "Deny",
        _ => "Unauthorized",
    };
    faults.expect(name, (audited(outcome), answered.as_str()), (expect, expected));
}

#[tokio::test]
async fn only_one_token_in_one_header_is_read_by_the_credentials_function() {
    let table: Table = read("headers.json");
    check_names(table.values.iter().map(|case| case.name.as_str()), 96);
    let mut faults = Faults::default();
    let mut world = super::world("credentials", &[]).await;
    let row = json!({"name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
                     "conditions": {"ref_protected": "true"}});
    world.put_row(row, json!({}));
    for case in &table.values {
        for event in CREDENTIALS {
            let (token, other) = (world.token(|job| job), world.token(|job| job));
            let calls = world.aws.calls().len();
            let outcome =
                world.send(event, &token, |event| set_authorization(event, &case.filled(&token, &other))).await;
            let expect = case.credentials.as_ref().unwrap_or(&case.expect);
            check_credentials(&mut faults, &format!("`{}` in {event}", case.name), expect, &outcome);
            assert_eq!(world.aws.calls().len() == calls, expect != "granted", "`{}` in {event}", case.name);
        }
    }
    faults.are_none();
}

#[tokio::test]
async fn only_one_token_in_one_header_is_read_by_the_authorizer() {
    let table: Table = read("headers.json");
    let mut faults = Faults::default();
    let mut world = super::world("authorizer", &[("ROUTE_POLICY", "authenticated")]).await;
    for case in &table.values {
        for event in AUTHORIZER {
            let (token, other) = (world.token(|job| job), world.token(|job| job));
            let outcome =
                world.send(event, &token, |event| set_authorization(event, &case.filled(&token, &other))).await;
            check_authorizer(&mut faults, &format!("`{}` in {event}", case.name), &case.expect, event, &outcome);
        }
    }
    assert_eq!(world.aws.calls(), []);
    faults.are_none();
}

#[tokio::test]
async fn a_token_anywhere_else_is_no_token() {
    let table: Table = read("headers.json");
    check_names(table.elsewhere.iter().map(|case| case.name.as_str()), 112);
    let mut faults = Faults::default();
    let mut credentials = super::world("credentials", &[]).await;
    let mut authorizer = super::world("authorizer", &[("ROUTE_POLICY", "authenticated")]).await;
    for case in &table.elsewhere {
        let world = if case.function == "credentials" { &mut credentials } else { &mut authorizer };
        let (token, calls) = (world.token(|job| job), world.aws.calls().len());
        let mut event = sample_event(&case.function, &case.event, &token);
        for (pointer, value) in &case.set {
            set(&mut event, pointer, filled(value, &token));
        }
        let outcome = world.send(&case.event, &token, |sent| *sent = event).await;
        if case.function == "credentials" {
            check_credentials(&mut faults, &case.name, &case.expect, &outcome);
        } else {
            check_authorizer(&mut faults, &case.name, &case.expect, &case.event, &outcome);
        }
        let asked = world.aws.calls().len() > calls;
        assert!(!asked || !refuses_the_token(&case.expect), "{}", case.name);
    }
    faults.are_none();
}
