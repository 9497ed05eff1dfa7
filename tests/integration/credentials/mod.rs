//! The `credentials` function over sample events.

mod audit;
mod events;
mod faults;
mod grants;
mod refusals;
mod regions;
mod replay;
mod routes;
mod token_uses;

use brevet_tests::aws::Fault;
use brevet_tests::gitlab::JobToken;
use serde_json::{Value, json};

use crate::world::{Outcome, World};

/// The function with its usual settings.
async fn world() -> World {
    World::start("credentials", &[]).await
}

/// A row that gives `deploy` to the protected `main` of project 4711.
fn deploy() -> Value {
    json!({
        "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "conditions": {"ref": "main", "ref_protected": "true"},
    })
}

/// What STS says where the role's trust policy lacks the action.
fn denied_by_sts(action: &str) -> Fault {
    Fault::AccessDenied(format!(
        "User: arn:aws:sts::111122223333:assumed-role/brevet-credentials/x is not authorized to perform: {action} \
         on resource: arn:aws:iam::111122223333:role/brevet/deploy"
    ))
}

fn ordinary(job: JobToken) -> JobToken {
    job
}

/// An HTTP answer, out of the proxy integration's envelope.
#[derive(Debug)]
struct Http {
    status: u64,
    headers: Value,
    text: String,
    body: Value,
    outcome: Outcome,
}

impl Http {
    fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("granted")
    }

    fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    fn audit(&self) -> &Value {
        let line = self.outcome.log.iter().find(|line| line["kind"] == "audit");
        line.unwrap_or_else(|| panic!("no audit line in {:?}", self.outcome.log))
    }
}

fn http(outcome: Outcome) -> Http {
    let answer = outcome.answer.clone().expect("the function always answers");
    let text = answer["body"].as_str().expect("the body is text").to_owned();
    let body = serde_json::from_str(&text).unwrap_or_default();
    let http = Http {
        status: answer["statusCode"].as_u64().expect("there is a status"),
        headers: answer["headers"].clone(),
        text,
        body,
        outcome,
    };
    check_contract(&http);
    http
}

/// What holds for every answer: headers, the error shape, an audit line that agrees.
fn check_contract(http: &Http) {
    assert_eq!(http.headers["cache-control"], "no-store", "{http:?}");
    if http.status != 200 {
        assert_eq!(http.headers["content-type"], "application/json", "{http:?}");
        for (lower, upper) in [("code", "Code"), ("message", "Message")] {
            assert!(http.body[lower].is_string() && http.body[lower] == http.body[upper], "{http:?}");
        }
        assert!(http.body["request_id"].is_string(), "{http:?}");
        assert_eq!(http.body["help"], format!("docs/pipelines.md#{}", http.code()));
        assert_eq!(http.headers.get("retry-after").is_some(), matches!(http.status, 429 | 503), "{http:?}");
    }
    assert_ne!(http.status, 404, "no caller learns whether a role exists");
}

impl World {
    /// An ordinary job's question with a changed event.
    async fn ask(&mut self, case: &str, change: impl FnOnce(&mut Value)) -> Http {
        let token = self.token(ordinary);
        http(self.send(case, &token, change).await)
    }

    /// `GET /credentials?role=deploy` with this token.
    async fn ask_with(&mut self, token: &str) -> Http {
        http(self.send("rest-get", token, |_| {}).await)
    }
}
