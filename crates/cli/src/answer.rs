//! An answer over HTTP as far as it can be trusted: a status, few bytes, perhaps JSON.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::failure::{Explanation, Failure};

/// What Brevet answered. Credentials are never in here: those become [`crate::session::SessionCredentials`] at once.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// When to try again.
    pub retry_after: Option<Duration>,
    members: Map<String, Value>,
}

impl Answer {
    /// Reads the body; whatever is no JSON object counts as an empty one.
    pub fn new(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        Self { status, retry_after, members: serde_json::from_slice(body).unwrap_or_default() }
    }

    /// The members of the body.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// A member that is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// What an answer that is not 200 means. `from` is who was asked, for the sentence.
    pub fn into_failure(self, from: &str) -> Failure {
        let (status, code, message) = (self.status, self.text("code"), self.text("message"));
        let (Some(code), Some(message)) = (code, message) else { return strange(status, from) };
        let explanation = Explanation {
            code: one_line(code),
            message: one_line(message),
            help: self.text("help").map(one_line),
            answer: Some(Box::new(self.clone())),
        };
        match status {
            400..=428 | 430..=499 => Failure::Refused(explanation),
            429 | 502..=504 => Failure::Unavailable(explanation),
            500 if explanation.code == "misconfigured" => Failure::Misconfigured(explanation),
            500..=599 => Failure::Unavailable(explanation),
            _ => strange(status, from),
        }
    }
}

/// An answer that Brevet never gives.
fn strange(status: u16, from: &str) -> Failure {
    if matches!(status, 429 | 500..=599) {
        let message =
            format!("`{from}` answers {status}, and not in Brevet's words: something in front of it is broken");
        return Failure::unavailable("unavailable", message);
    }
    let help = "check BREVET_URL (or --endpoint): it is the address of Brevet's API, without `/credentials`";
    Failure::misconfigured("not_brevet", format!("what answers at `{from}` (status {status}) is not Brevet"), help)
}

/// What comes from elsewhere is shown without anything that could steer a terminal, and not endlessly.
fn one_line(text: &str) -> String {
    text.chars().take(2_000).map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str) -> Failure {
        Answer::new(status, None, body.as_bytes()).into_failure("https://brevet.example.com")
    }

    #[test]
    fn tells_no_from_cannot_tell_from_set_up_wrongly() {
        let body = r#"{"code":"some_code","message":"a sentence","help":"docs/pipelines.md#some_code"}"#;
        let misconfigured = r#"{"code":"misconfigured","message":"a sentence"}"#;
        let cases = [
            (400, body, 77),
            (401, body, 77),
            (403, body, 77),
            (413, body, 77),
            (429, body, 75),
            (500, body, 75),
            (503, body, 75),
            (500, misconfigured, 78),
            (200, body, 78),
            (302, body, 78),
            (404, "<html>", 78),
            (403, "<html>", 78),
            (403, "[]", 78),
            (403, r#"{"code":5,"message":"a sentence"}"#, 78),
            (503, "<html>", 75),
            (502, "", 75),
        ];
        for (status, body, exit_code) in cases {
            assert_eq!(failure(status, body).exit_code(), exit_code, "{status} {body}");
        }
    }

    #[test]
    fn shows_nothing_that_could_steer_a_terminal() {
        let failure = failure(403, "{\"code\":\"no_mapping\",\"message\":\"a\\u001b[2Jb\\nc\"}");
        assert_eq!(failure.in_words(), "brevet: no_mapping: a [2Jb c");
    }

    #[test]
    fn keeps_what_brevet_says_beside_code_and_message() {
        let failure =
            failure(403, r#"{"code":"x","message":"y","help":"h#x","denials":[{"claim":"ref"}],"request_id":"r-1"}"#);
        assert_eq!(failure.as_json()["denials"][0]["claim"], "ref");
        assert_eq!(failure.in_words(), "brevet: x: y\n  help: h#x\n  request id: r-1");
    }
}
