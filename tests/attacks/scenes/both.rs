//! Each scene twice: the job asks for credentials, and calls a route that an authorizer guards by the same rows.

use brevet_tests::contract::{refuses_the_token, status_of};
use serde_json::{Map, Value, json};

use super::case_file::Faults;
use super::scene::Scene;
use crate::authorizer::{allows, arn};
use crate::world::{Outcome, World};

/// Both functions.
pub(super) struct Both {
    credentials: World,
    authorizer: World,
    faults: Faults,
}

impl Both {
    pub(super) async fn start() -> Self {
        let variables = [("ROUTE_POLICY", "mappings"), ("API_NAME", "reports")];
        Self {
            credentials: super::world("credentials", &[]).await,
            authorizer: super::world("authorizer", &variables).await,
            faults: Faults::default(),
        }
    }

    /// Plays each scene in both, and holds them to the code it expects.
    pub(super) async fn play(mut self, scenes: &[Scene]) {
        for scene in scenes {
            self.ask_for_credentials(scene).await;
            self.call_a_route(scene).await;
        }
        self.faults.are_none();
    }

    async fn ask_for_credentials(&mut self, scene: &Scene) {
        let world = &mut self.credentials;
        scene.put_rows(world, |_| ());
        let (calls, sessions) = (world.aws.calls().len(), world.aws.count("AssumeRole"));
        let token = scene.token(&world.gitlab);
        let outcome = world.send("rest-get", &token, |_| {}).await;
        let answer = outcome.answer.as_ref().expect("the function always answers");
        let body = answer["body"].as_str().expect("the body is text");
        let told: Value = serde_json::from_str(body).expect("the body is JSON");
        let code = told["code"].as_str().unwrap_or("granted");
        self.faults.expect(&scene.name, code, scene.expect.as_str());
        assert_eq!(answer["statusCode"].as_u64(), status_of(code), "`{}`: {told}", scene.name);
        assert_eq!(body.contains("AccessKeyId"), code == "granted", "`{}`", scene.name);
        let opened = world.aws.count("AssumeRole") - sessions;
        assert_eq!(opened, usize::from(code == "granted"), "`{}`: sessions of STS", scene.name);
        let asked = world.aws.calls().len() > calls;
        assert_eq!(asked, !refuses_the_token(code), "`{}`: whether AWS was asked", scene.name);
    }

    async fn call_a_route(&mut self, scene: &Scene) {
        let world = &mut self.authorizer;
        scene.put_rows(world, as_a_row_of_routes);
        let calls = world.aws.calls().len();
        let token = scene.token(&world.gitlab);
        let outcome = world.send("rest-token", &token, |_| {}).await;
        let code = code(&outcome);
        self.faults.expect(format!("{}, before a route", scene.name), code, scene.expect.as_str());
        let unauthorized = outcome.answer == Err("Unauthorized".to_owned());
        assert_eq!(unauthorized, refuses_the_token(code), "`{}`: {outcome:?}", scene.name);
        let asked = world.aws.calls().len() > calls;
        assert_eq!(asked, !refuses_the_token(code), "`{}`: whether AWS was asked", scene.name);
    }
}

/// What the audit line says, and what the answer, read as API Gateway reads it, must agree with.
fn code(outcome: &Outcome) -> &str {
    let audit = outcome.log.iter().find(|line| line["kind"] == "audit").expect("there is an audit line");
    let code = audit["code"].as_str().expect("the line has a code");
    let allowed = outcome.answer.as_ref().is_ok_and(|answer| allows(answer, &arn("GET", "/whoami")));
    assert_eq!(allowed, code == "granted", "the line and the answer disagree: {outcome:?}");
    if let Ok(answer) = &outcome.answer {
        let reason = answer["context"].get("reason_code").filter(|_| !allowed);
        assert!(allowed || reason == Some(&json!(code)), "the reason and the line disagree: {outcome:?}");
    }
    code
}

/// The same row for an API: routes instead of a role.
fn as_a_row_of_routes(row: &mut Map<String, Value>) {
    if row["name"] == "deploy" {
        row.insert("name".to_owned(), json!("api.reports"));
    }
    if row.remove("role_arn").is_some() && row.get("effect") != Some(&json!("deny")) {
        row.insert("routes".to_owned(), json!(["GET /whoami"]));
    }
}
