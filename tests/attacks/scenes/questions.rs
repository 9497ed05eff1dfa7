//! What is asked for: names, durations, formats, bodies and session policies.

use std::collections::{BTreeMap, BTreeSet};

use brevet_tests::contract::status_of;
use brevet_tests::events::sample_event;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case_file::{Faults, check_names, read};
use crate::world::{Outcome, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    cases: Vec<Question>,
}

/// A request as its client makes it. With a body it is a `POST`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Question {
    name: String,
    /// Each parameter with its values; `role=deploy` if nothing else is said and there is no body.
    query: Option<BTreeMap<String, Vec<String>>>,
    /// `GET /credentials/{name}`.
    path_name: Option<String>,
    body: Option<String>,
    body_base64: Option<String>,
    /// A body that does not come with `POST`.
    get_with_body: Option<String>,
    content_type: Option<String>,
    /// Changes to the row.
    row: Map<String, Value>,
    expect: String,
    /// What STS is asked for then.
    seconds: Option<String>,
    policy: Option<String>,
}

/// A base event of each payload format, by what is asked.
const FORMATS: [[&str; 3]; 2] =
    [["rest-get", "rest-get-by-name", "rest-post"], ["http-v2-get", "http-v2-get-by-name", "http-v2-post"]];

impl Question {
    fn event(&self, format: [&str; 3], token: &str) -> Value {
        let [get, by_name, post] = format;
        let body = self.body.as_ref().or(self.body_base64.as_ref());
        let case = match (body, &self.path_name) {
            (Some(_), _) => post,
            (None, Some(_)) => by_name,
            (None, None) => get,
        };
        let mut event = sample_event("credentials", case, token);
        self.ask_in(&mut event);
        if let Some(name) = &self.path_name {
            event["pathParameters"] = json!({"name": name});
        }
        if let Some(body) = body.or(self.get_with_body.as_ref()) {
            event["body"] = json!(body);
            event["isBase64Encoded"] = json!(self.body_base64.is_some());
        }
        if let Some(kind) = &self.content_type {
            for name in ["Content-Type", "content-type"] {
                replace(&mut event["headers"], name, json!(kind));
                replace(&mut event["multiValueHeaders"], name, json!([kind]));
            }
        }
        event
    }

    fn ask_in(&self, event: &mut Value) {
        let usual = BTreeMap::from([("role".to_owned(), vec!["deploy".to_owned()])]);
        let none = BTreeMap::new();
        let has_name = self.path_name.is_some() || self.body.is_some() || self.body_base64.is_some();
        let query = self.query.as_ref().unwrap_or(if has_name { &none } else { &usual });
        let format_1 = event.get("version").is_none();
        let single = |values: &Vec<String>| {
            if format_1 { values.last().cloned().unwrap_or_default() } else { values.join(",") }
        };
        event["queryStringParameters"] = query.iter().map(|(name, values)| (name.clone(), single(values))).collect();
        if format_1 {
            event["multiValueQueryStringParameters"] = json!(query);
        }
    }

    fn put_row(&self, world: &World) {
        world.aws.empty_table(crate::world::TABLE);
        let row = json!({"name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
                         "conditions": {"ref_protected": "true"}});
        world.put_row(row, Value::Object(self.row.clone()));
        let api = json!({"name": "api.reports", "routes": ["GET /x"], "conditions": {"ref_protected": "true"}});
        world.put_row(api, json!({}));
    }
}

fn replace(headers: &mut Value, name: &str, value: Value) {
    if let Some(present) = headers.as_object_mut().and_then(|headers| headers.get_mut(name)) {
        *present = value;
    }
}

fn body(outcome: &Outcome) -> (u64, Value) {
    let answer = outcome.answer.as_ref().expect("the function always answers");
    let text = answer["body"].as_str().expect("the body is text");
    let body = serde_json::from_str(text).unwrap_or_else(|_| json!({"lines": text}));
    (answer["statusCode"].as_u64().expect("there is a status"), body)
}

#[tokio::test]
async fn a_verified_job_is_told_exactly_what_is_wrong_with_its_question() {
    let table: Table = read("questions.json");
    check_names(table.cases.iter().map(|case| case.name.as_str()), 310);
    let mut faults = Faults::default();
    let mut world = super::world("credentials", &[]).await;
    for case in &table.cases {
        case.put_row(&world);
        for format in FORMATS {
            let sessions = world.aws.count("AssumeRole");
            let token = world.token(|job| job);
            let event = case.event(format, &token);
            let outcome = world.send(format[0], &token, |sent| *sent = event).await;
            let (status, told) = body(&outcome);
            let code = told["code"].as_str().unwrap_or("granted");
            faults.expect(format!("{} in {}", case.name, format[0]), code, case.expect.as_str());
            assert_eq!(Some(status), status_of(code), "`{}` in {}: {told}", case.name, format[0]);
            assert_eq!(world.aws.count("AssumeRole") - sessions, usize::from(code == "granted"), "`{}`", case.name);
            for (field, expected) in [("DurationSeconds", &case.seconds), ("Policy", &case.policy)] {
                let asked = world.aws.last("AssumeRole").unwrap_or_default();
                let expected = expected.as_deref().map_or(asked[field].clone(), Value::from);
                faults.expect(format!("{}: what STS is asked for", case.name), &asked[field], &expected);
            }
        }
    }
    faults.are_none();
}

#[tokio::test]
async fn a_stranger_gets_one_answer_to_every_question() {
    let table: Table = read("questions.json");
    let mut world = super::world("credentials", &[]).await;
    let stranger = world.token(|job| job.claim("iss", "https://gitlab.example.com"));
    let mut told = BTreeSet::new();
    for case in &table.cases {
        case.put_row(&world);
        for format in FORMATS {
            let event = case.event(format, &stranger);
            let outcome = world.send(format[0], &stranger, |sent| *sent = event).await;
            let (status, mut answer) = body(&outcome);
            answer["request_id"] = Value::Null;
            told.insert((status, answer.to_string()));
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told.iter().all(|(status, answer)| *status == 401 && answer.contains("token_invalid")), "{told:?}");
    assert_eq!(world.aws.calls(), []);
}
