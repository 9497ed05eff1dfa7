//! One function under attack: sends cases in its events, and holds answers, calls and log against what is right.

use brevet_tests::attacks::{Attack, Case, Cast};
use brevet_tests::contract::refuses_the_token;
use brevet_tests::events::{sample_event, set_authorization};
use serde_json::{Value, json};

use crate::authorizer::allows;
use crate::world::{World, keep_confidential};

/// A function and its world.
pub(super) struct Target {
    kind: &'static str,
    pub(super) world: World,
    sent: usize,
}

impl Target {
    pub(super) fn new(kind: &'static str, world: World) -> Self {
        Self { kind, world, sent: 0 }
    }

    /// Sends these cases at once, each in the next of the function's shapes.
    pub(super) async fn attack(&mut self, cases: &[Case], attacker: &str) -> Vec<String> {
        let cast = Cast::new(self.world.gitlab.instance(), attacker);
        let attacks: Vec<Attack> = cases.iter().map(|case| cast.attack(case)).collect();
        // Of a caller who has not proved to be a job nothing may be asked of anybody.
        let (closed, open) = attacks.into_iter().partition(|attack| refuses_the_token(self.expected(attack)));
        let mut faults = self.send(closed).await;
        if !self.world.aws.calls().is_empty() {
            let calls = self.world.aws.calls().into_iter().map(|call| call.operation);
            faults.push(format!(
                "{}: calls for callers who proved nothing: {:?}",
                self.kind,
                calls.collect::<Vec<_>>()
            ));
        }
        faults.extend(self.send(open).await);
        self.world.aws.forget_calls();
        faults
    }

    async fn send(&mut self, attacks: Vec<Attack>) -> Vec<String> {
        let shapes = shapes(self.kind);
        let first = self.sent;
        self.sent += attacks.len();
        let events: Vec<(String, Value)> = attacks
            .iter()
            .zip(first..)
            .map(|(attack, number)| {
                let mut event = sample_event(self.kind, shapes[number % shapes.len()], "");
                set_authorization(&mut event, &attack.authorization);
                let id = mark(&mut event, number);
                (id, event)
            })
            .collect();
        let (answers, log) = self.world.send_events(events.iter().map(|(_, event)| event.clone()).collect()).await;
        let words: Vec<String> = attacks.iter().flat_map(|attack| attack.confidential.clone()).collect();
        keep_confidential(&words, &answers, &log);

        let lines: Vec<Value> = log.iter().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        let mut faults = Vec::new();
        for ((attack, (id, event)), answer) in attacks.iter().zip(&events).zip(&answers) {
            let expected = self.expected(attack);
            // An event that cannot be read has no id, and no other of these cases leads to `bad_request`.
            let id = if expected == "bad_request" { "" } else { id.as_str() };
            let logged = lines.iter().find(|line| line["request_id"] == id || line["asked_for"] == id);
            let logged = logged.map_or("nothing", |line| line["code"].as_str().unwrap_or("no code"));
            let told = told(event, answer);
            let right = if self.kind == "credentials" { expected } else { as_told_by_an_authorizer(event, expected) };
            if (logged, told.as_str()) != (expected, right) {
                faults.push(format!(
                    "{}, {}: `{expected}` expected, told `{told}`, logged `{logged}`",
                    attack.name, self.kind
                ));
            }
        }
        faults
    }

    fn expected<'a>(&self, attack: &'a Attack) -> &'a str {
        if self.kind == "credentials" { &attack.expect.credentials } else { &attack.expect.authorizer }
    }
}

fn shapes(kind: &str) -> &'static [&'static str] {
    if kind == "credentials" {
        return &["rest-get", "http-v2-get", "http-v1-get"];
    }
    &["rest-token", "rest-request", "http-v1", "http-v2", "websocket-connect"]
}

/// Makes an event findable in the log: by its request id, or by the path where the shape has no id.
fn mark(event: &mut Value, number: usize) -> String {
    let id = format!("attack-{number}");
    if let Some(context) = event.get_mut("requestContext") {
        context["requestId"] = json!(id);
        return id;
    }
    let arn = event["methodArn"].as_str().expect("the event names a method").replace("/GET/whoami", "/GET/attacks/");
    event["methodArn"] = json!(format!("{arn}{id}"));
    format!("GET /attacks/{id}")
}

/// What the caller learns: the code, or what API Gateway would make of an authorizer's answer.
fn told(event: &Value, answer: &Result<Value, String>) -> String {
    match answer {
        Err(error) => error.clone(),
        Ok(answer) if answer.get("statusCode").is_some() => {
            let body: Value =
                answer["body"].as_str().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
            let granted = answer["statusCode"] == 200 && body["AccessKeyId"].is_string();
            if granted { "granted".to_owned() } else { body["code"].as_str().unwrap_or("no code").to_owned() }
        }
        Ok(answer) => {
            let arn = event.get("methodArn").or(event.get("routeArn")).and_then(Value::as_str).unwrap_or_default();
            if allows(answer, arn) { "Allow" } else { "Deny" }.to_owned()
        }
    }
}

/// REST and WebSocket APIs have an error for a token that proves nothing; HTTP APIs have a plain no.
fn as_told_by_an_authorizer(event: &Value, code: &str) -> &'static str {
    let http_api = event.get("version").is_some();
    match code {
        "granted" => "Allow",
        code if refuses_the_token(code) && !http_api => "Unauthorized",
        _ => "Deny",
    }
}
