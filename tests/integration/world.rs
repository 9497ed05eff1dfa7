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
        let gitlab = LocalGitlab::start().await;
        let trusted_issuers = trust(&gitlab, issuer);
        Self::start_with(kind, gitlab, trusted_issuers, variables).await
    }

    /// A function that trusts whom `TRUSTED_ISSUERS` says.
    pub(crate) async fn start_with(
        kind: &'static str,
        gitlab: LocalGitlab,
        trusted_issuers: String,
        variables: &[(&str, &str)],
    ) -> Self {
        let aws = FakeAws::start().await;
        let mut all = vec![
            ("TRUSTED_ISSUERS", trusted_issuers),
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

    /// Sends several events at once: the answers in their order, and every line logged.
    pub(crate) async fn send_events(&mut self, events: Vec<Value>) -> (Vec<Result<Value, String>>, Vec<String>) {
        let (replies, log) = self.function.call_at_once(events).await;
        (replies.into_iter().map(|reply| reply.answer).collect(), log)
    }

    /// The token of an ordinary job, changed.
    pub(crate) fn token(&self, change: impl FnOnce(JobToken) -> JobToken) -> String {
        self.gitlab.sign(&change(self.gitlab.job()))
    }
}

/// Held against every outcome there is in these tests.
fn keep_secrets(token: &str, answer: &Result<Value, String>, log: &[String]) {
    let parts = token.split('.').filter(|part| part.len() > 20).map(str::to_owned).collect::<Vec<_>>();
    keep_confidential(&parts, std::slice::from_ref(answer), log);
}

/// The same for several answers and the log of all of them, with other words that nobody may see.
pub(crate) fn keep_confidential(words: &[String], answers: &[Result<Value, String>], log: &[String]) {
    for line in log {
        for secret in SECRETS {
            assert!(!line.contains(secret), "a secret in the log: {line}");
        }
        for word in words {
            assert!(!line.contains(word), "`{word}`, part of a token, in the log: {line}");
        }
    }
    for answer in answers {
        let answer = format!("{answer:?}");
        for word in words {
            assert!(!answer.contains(word), "`{word}`, part of a token, in the answer: {answer}");
        }
        assert!(!answer.contains(SECRETS[2]) && !answer.contains(SECRETS[3]), "the function's own secret: {answer}");
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).expect("attributes are an object")
}

#[test]
fn any_part_of_a_token_in_a_log_line_or_an_answer_would_be_noticed() {
    let token = "aGVhZGVyLW9mLWEtdG9rZW4.cGF5bG9hZC1vZi1hLXRva2Vu.c2lnbmF0dXJlLW9mLWEtdG9rZW4";
    for part in token.split('.') {
        let leak = format!("authorization: {part}");
        let in_the_log =
            std::panic::catch_unwind(|| keep_secrets(token, &Ok(Value::Null), std::slice::from_ref(&leak)));
        let in_the_answer = std::panic::catch_unwind(|| keep_secrets(token, &Err(leak.clone()), &[]));
        assert!(in_the_log.is_err() && in_the_answer.is_err(), "{part}");
    }
}

#[test]
#[should_panic(expected = "a secret in the log")]
fn a_secret_in_a_log_line_would_be_noticed() {
    keep_secrets("", &Ok(Value::Null), &[format!("credentials: {}", SECRETS[0])]);
}
