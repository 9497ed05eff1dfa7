//! Every way in which a command can fail. "No" and "cannot tell" are different variants with different exit codes.

use serde_json::{Map, Value, json};

use crate::answer::Answer;

/// `brevet request`: answered, and neither success nor any of the below. The number is that of `curl --fail`.
pub(crate) const EXIT_UNSUCCESSFUL: u8 = 22;
/// The command line itself is wrong.
pub(crate) const EXIT_USAGE: u8 = 64;
/// The command that `brevet exec` ran has succeeded, but its log is incomplete.
pub(crate) const EXIT_LOG_INCOMPLETE: u8 = 74;
/// Cannot tell at the moment: try again.
pub(crate) const EXIT_UNAVAILABLE: u8 = 75;
/// Brevet or AWS says no.
pub(crate) const EXIT_REFUSED: u8 = 77;
/// Something is set up wrongly, here or at Brevet.
pub(crate) const EXIT_MISCONFIGURED: u8 = 78;

/// Why there is no result. Nothing in it is secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The command line, or a file it names, cannot be used.
    #[error("{}", .0.message)]
    Usage(Explanation),
    /// Brevet or AWS says no.
    #[error("{}", .0.message)]
    Refused(Explanation),
    /// Nothing can be said at the moment.
    #[error("{}", .0.message)]
    Unavailable(Explanation),
    /// The job, the runner or Brevet is set up wrongly.
    #[error("{}", .0.message)]
    Misconfigured(Explanation),
    /// Another service has answered, but not with success.
    #[error("{}", .0.message)]
    Unsuccessful(Explanation),
}

/// What went wrong, for people and for programs.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// A stable word; Brevet's own where Brevet answered.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// What to do, or where to read on.
    pub help: Option<String>,
    /// Brevet's answer, if there was one.
    pub answer: Option<Box<Answer>>,
}

impl Failure {
    /// The command line is wrong.
    pub fn usage(code: &str, message: impl Into<String>) -> Self {
        Self::Usage(Explanation::new(code, message))
    }

    /// Something local is set up wrongly; `help` says how to put it right.
    pub fn misconfigured(code: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Misconfigured(Explanation::new(code, message).with_help(help))
    }

    /// Nobody answered.
    pub fn unavailable(code: &str, message: impl Into<String>) -> Self {
        Self::Unavailable(Explanation::new(code, message))
    }

    /// The same with what to do about it.
    pub(crate) fn with_help(self, help: &str) -> Self {
        self.with_remedy(|_| Some(help.to_owned()))
    }

    /// The same with what to do about it, if this code has a remedy of its own.
    pub(crate) fn with_remedy(mut self, remedy: impl FnOnce(&str) -> Option<String>) -> Self {
        let (Self::Usage(explanation)
        | Self::Refused(explanation)
        | Self::Unavailable(explanation)
        | Self::Misconfigured(explanation)
        | Self::Unsuccessful(explanation)) = &mut self;
        if let Some(help) = remedy(&explanation.code) {
            explanation.help = Some(help);
        }
        self
    }

    /// What happened.
    pub(crate) fn explanation(&self) -> &Explanation {
        match self {
            Self::Usage(explanation)
            | Self::Refused(explanation)
            | Self::Unavailable(explanation)
            | Self::Misconfigured(explanation)
            | Self::Unsuccessful(explanation) => explanation,
        }
    }

    /// The stable word.
    pub fn code(&self) -> &str {
        &self.explanation().code
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => EXIT_USAGE,
            Self::Refused(_) => EXIT_REFUSED,
            Self::Unavailable(_) => EXIT_UNAVAILABLE,
            Self::Misconfigured(_) => EXIT_MISCONFIGURED,
            Self::Unsuccessful(_) => EXIT_UNSUCCESSFUL,
        }
    }

    /// For people: the first line says what, the others what to do.
    pub fn in_words(&self) -> String {
        let Explanation { code, message, help, .. } = self.explanation();
        let mut text = format!("brevet: {code}: {message}");
        for (label, value) in [("help", help.as_deref()), ("request id", self.request_id())] {
            if let Some(value) = value {
                text.push_str(&format!("\n  {label}: {value}"));
            }
        }
        text
    }

    /// For programs: Brevet's own object where Brevet answered.
    pub fn as_json(&self) -> Value {
        let explanation = self.explanation();
        let mut members = explanation.answer.as_ref().map_or_else(Map::new, |answer| answer.members().clone());
        members.insert("code".to_owned(), json!(explanation.code));
        members.insert("message".to_owned(), json!(explanation.message));
        members.insert("exit_code".to_owned(), json!(self.exit_code()));
        if let Some(help) = &explanation.help {
            members.insert("help".to_owned(), json!(help));
        }
        Value::Object(members)
    }

    fn request_id(&self) -> Option<&str> {
        self.explanation().answer.as_ref()?.text("request_id")
    }
}

impl Explanation {
    /// Without a remedy.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), help: None, answer: None }
    }

    /// Adds what to do about it.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_and_then_what_to_do() {
        let failure = Failure::misconfigured("endpoint_missing", "nothing says where Brevet is", "set BREVET_URL");
        assert_eq!(
            failure.in_words(),
            "brevet: endpoint_missing: nothing says where Brevet is\n  help: set BREVET_URL"
        );
        assert_eq!(failure.as_json()["exit_code"], 78);
    }

    #[test]
    fn gives_each_kind_an_exit_code_of_its_own() {
        let explanation = || Explanation::new("x", "y");
        let codes = [
            Failure::Usage(explanation()).exit_code(),
            Failure::Refused(explanation()).exit_code(),
            Failure::Unavailable(explanation()).exit_code(),
            Failure::Misconfigured(explanation()).exit_code(),
            Failure::Unsuccessful(explanation()).exit_code(),
        ];
        assert_eq!(codes, [64, 77, 75, 78, 22]);
    }
}
