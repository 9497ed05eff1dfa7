//! A GitLab, an AWS and a function between them.

use std::time::Duration;

use brevet_tests::aws::{FakeAws, item};
use brevet_tests::events::sample_event;
use brevet_tests::gitlab::{JobToken, LocalGitlab};
use serde_json::{Map, Value, json};

use crate::host::{Function, Reply};
use crate::support::trust;

pub(crate) const TABLE: &str = "role-mappings";
pub(crate) const LEDGER: &str = "token-uses";

/// What no log line and no refusal may hold: the fake's secrets and the function's own.
const SECRETS: [&str; 4] = ["fake-secret-access-key", "fake-session-token", "own-secret-key", "own-session-token"];

/// The function under test, and everything it talks to.
pub(crate) struct World {
    pub(crate) gitlab: LocalGitlab,
    pub(crate) aws: FakeAws,
    kind: &'static str,
    function: Function,
}

/// An outcome, with the log lines it left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) answer: Result<Value, String>,
    pub(crate) took: Duration,
    pub(crate) log: Vec<Value>,
}

impl World {
    /// A function that trusts the GitLab and uses the AWS; `variables` are added or replace others.
    pub(crate) async fn start(kind: &'static str, variables: &[(&str, &str)]) -> Self {
        Self::start_trusting(kind, json!({}), variables).await
    }

    /// The same, with more members in the entry of the trusted issuer.
    pub(crate) async fn start_trusting(kind: &'static str, issuer: Value, variables: &[(&str, &str)]) -> Self {
        let (gitlab, aws) = (LocalGitlab::start().await, FakeAws::start().await);
        let mut all = vec![
            ("TRUSTED_ISSUERS", trust(&gitlab, issuer)),
            ("ROLE_MAPPING_TABLE", TABLE.to_owned()),
            ("TOKEN_USE_TABLE", LEDGER.to_owned()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAOWNOWNOWNOWNOWN0".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRETS[2].to_owned()),
            ("AWS_SESSION_TOKEN", SECRETS[3].to_owned()),
            ("AWS_ENDPOINT_URL", aws.url().to_owned()),
        ];
        all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let function = Function::start(kind, &all).await;
        Self { gitlab, aws, kind, function }
    }

    /// Where rows for project 4711 are.
    pub(crate) fn scope(&self) -> String {
        format!("{}/project/4711", self.host())
    }

    /// The issuer without its scheme.
    pub(crate) fn host(&self) -> &str {
        self.gitlab.issuer().trim_start_matches("http://")
    }

    /// Puts a row for project 4711; `changes` replace attributes, and `null` leaves one out.
    pub(crate) fn put_row(&self, row: Value, changes: Value) {
        let mut attributes = object(json!({"scope": self.scope()}));
        attributes.extend(object(row));
        attributes.extend(object(changes));
        attributes.retain(|_, value| !value.is_null());
        self.aws.put_item(TABLE, item(&Value::Object(attributes)));
    }

    /// Sends a sample event with a token in it, changed before it goes.
    pub(crate) async fn send(&mut self, case: &str, token: &str, change: impl FnOnce(&mut Value)) -> Outcome {
        let mut event = sample_event(self.kind, case, token);
        change(&mut event);
        let (Reply { answer, took }, lines) = self.function.call(event).await;
        keep_secrets(token, &answer, &lines);
        let log = lines.iter().map(|line| serde_json::from_str(line).expect("a log line is one JSON object")).collect();
        Outcome { answer, took, log }
    }

    /// Sends the same sample event several times at once.
    pub(crate) async fn send_at_once(&mut self, case: &str, token: &str, times: usize) -> Vec<Outcome> {
        let event = sample_event(self.kind, case, token);
        let (replies, _) = self.function.call_at_once(vec![event; times]).await;
        replies.into_iter().map(|Reply { answer, took }| Outcome { answer, took, log: Vec::new() }).collect()
    }

    /// The token of an ordinary job, changed.
    pub(crate) fn token(&self, change: impl FnOnce(JobToken) -> JobToken) -> String {
        self.gitlab.sign(&change(self.gitlab.job()))
    }
}

/// Held against every outcome there is in these tests.
fn keep_secrets(token: &str, answer: &Result<Value, String>, log: &[String]) {
    let signature = token.rsplit('.').next().filter(|signature| signature.len() > 20).unwrap_or("no signature");
    for line in log {
        assert!(!line.contains(signature), "a token in the log: {line}");
        for secret in SECRETS {
            assert!(!line.contains(secret), "a secret in the log: {line}");
        }
    }
    let answer = format!("{answer:?}");
    assert!(!answer.contains(signature), "a token in the answer: {answer}");
    assert!(!answer.contains(SECRETS[2]) && !answer.contains(SECRETS[3]), "the function's own secret: {answer}");
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).expect("attributes are an object")
}

#[test]
#[should_panic(expected = "a token in the log")]
fn a_token_in_a_log_line_would_be_noticed() {
    let token = "e30.e30.c2lnbmF0dXJlLW9mLWEtdG9rZW4";
    keep_secrets(token, &Ok(Value::Null), &[format!("authorization: Bearer {token}")]);
}

#[test]
#[should_panic(expected = "a secret in the log")]
fn a_secret_in_a_log_line_would_be_noticed() {
    keep_secrets("", &Ok(Value::Null), &[format!("credentials: {}", SECRETS[0])]);
}
