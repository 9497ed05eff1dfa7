//! Routes that somebody tries to reach by another spelling, and answers that API Gateway caches for the next request.

use serde::Deserialize;
use serde_json::{Value, json};

use super::case_file::{check_names, read};
use crate::authorizer::allows;
use crate::world::{Outcome, World};

/// In turn: what a route means does not depend on who asks.
const EVENTS: [&str; 4] = ["rest-token", "rest-request", "http-v1", "http-v2"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[expect(dead_code, reason = "for people who read the table")]
    attacks: String,
    apis: Vec<Api>,
    unreadable: Vec<Value>,
}

/// What the rows open and close, and requests (`METHOD /path`, or `$connect`) with the right answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Api {
    routes: Vec<String>,
    #[serde(default)]
    closes: Vec<String>,
    open: Vec<String>,
    closed: Vec<String>,
    /// No policy can say these routes all at once, so each is open to whoever asks for it alone.
    #[serde(default)]
    one_by_one: bool,
}

impl Api {
    fn put_rows(&self, world: &World) {
        world.aws.empty_table(crate::world::TABLE);
        put_row(world, json!(self.routes));
        if !self.closes.is_empty() {
            let closing = json!({"scope": world.host(), "effect": "deny", "conditions": null});
            world.put_row(json!({"name": "api.reports", "routes": self.closes}), closing);
        }
    }

    fn requests(&self) -> impl Iterator<Item = (&str, bool)> {
        let open = self.open.iter().map(|request| (request.as_str(), true));
        open.chain(self.closed.iter().map(|request| (request.as_str(), false)))
    }

    fn name(&self, request: &str) -> String {
        format!("{:?} without {:?}: {request:?}", self.routes, self.closes)
    }
}

fn put_row(world: &World, routes: Value) {
    let row = json!({"name": "api.reports", "routes": routes, "conditions": {"ref_protected": "true"}});
    world.put_row(row, json!({}));
}

/// The function's answer to a request, and the beginning of the ARNs of the same API and stage.
async fn ask(world: &mut World, event: &str, request: &str) -> (Outcome, String) {
    let event = if request == "$connect" { "websocket-connect" } else { event };
    let token = world.token(|job| job);
    let mut stage = String::new();
    let outcome = world.send(event, &token, |event| {
        let member = if event.get("routeArn").is_some() { "routeArn" } else { "methodArn" };
        let arn = event[member].as_str().expect("the sample event has an ARN");
        stage = arn.split('/').take(2).collect::<Vec<_>>().join("/");
        event[member] = Value::from(arn_of(&stage, request));
    });
    (outcome.await, stage)
}

fn arn_of(stage: &str, request: &str) -> String {
    let (method, path) = request.split_at(request.find(" /").unwrap_or(request.len()));
    format!("{stage}/{method}{}", path.strip_prefix(' ').unwrap_or(path))
}

fn is_open(outcome: &Outcome, stage: &str, request: &str) -> bool {
    outcome.answer.as_ref().is_ok_and(|answer| allows(answer, &arn_of(stage, request)))
}

#[tokio::test]
async fn a_route_is_open_as_the_rows_say_whichever_request_the_answer_was_for() {
    let table: Table = read("routes.json");
    let names: Vec<_> =
        table.apis.iter().flat_map(|api| api.requests().map(|(request, _)| api.name(request))).collect();
    check_names(names.iter().map(String::as_str), 233);
    let mut world = by_mappings().await;
    for api in &table.apis {
        api.put_rows(&world);
        for ((asked, open), event) in api.requests().zip(EVENTS.into_iter().cycle()) {
            let (outcome, stage) = ask(&mut world, event, asked).await;
            assert_eq!(is_open(&outcome, &stage, asked), open, "{} in {event}: {outcome:?}", api.name(asked));
            for (other, open) in api.requests().filter(|(other, _)| asked != "$connect" && *other != "$connect") {
                let cached = is_open(&outcome, &stage, other);
                let exact = cached == open || (open && (api.one_by_one || outcome.answer.is_err()));
                assert!(exact, "{} in {event}, cached for {asked}: {outcome:?}", api.name(other));
            }
        }
    }
}

#[tokio::test]
async fn a_row_with_a_route_that_cannot_be_read_opens_none() {
    let table: Table = read("routes.json");
    let mut world = by_mappings().await;
    for route in table.unreadable {
        world.aws.empty_table(crate::world::TABLE);
        let routes = if route.is_string() { json!(["GET /whoami", route]) } else { route };
        put_row(&world, routes.clone());
        let (outcome, stage) = ask(&mut world, "rest-token", "GET /whoami").await;
        let answer = outcome.answer.as_ref().expect("a verified job has an answer");
        assert_eq!(answer["context"]["reason_code"], "no_mapping", "{routes}: {answer}");
        assert!(!is_open(&outcome, &stage, "GET /whoami"), "{routes}: {answer}");
        let told = outcome.log.iter().any(|line| line["kind"] == "invalid_mapping");
        assert!(told, "{routes}: {:?}", outcome.log);
    }
}

async fn by_mappings() -> World {
    super::world("authorizer", &[("ROUTE_POLICY", "mappings"), ("API_NAME", "reports")]).await
}
