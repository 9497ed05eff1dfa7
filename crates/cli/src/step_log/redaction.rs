//! Takes secrets out of text before it leaves the process: values that are known, and shapes that secrets have.
//!
//! Whole lines go in, so a value is found however the command's writes cut it. What comes out is [`Redacted`], the only
//! text a log event is made of.

mod command;
mod environment;
mod forms;
mod known;
mod private_key;
mod shapes;
mod terminal;

use std::fmt;
use std::ops::Range;

use serde::Serialize;

pub(crate) use command::redact_command;
pub(crate) use environment::secret_values;
pub(crate) use private_key::PrivateKeyBlock;
pub(crate) use terminal::without_control_sequences;

use known::KnownValues;
use shapes::SHAPES;

/// What stands in a secret's place.
pub(crate) const REPLACEMENT: &str = "[redacted]";

/// Text without secrets. Made by a [`Redactor`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Redacted(String);

impl Redacted {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A secret in a text, and the text that betrayed it: `whole` also has the `"SecretAccessKey":` in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) whole: Range<usize>,
    pub(crate) secret: Range<usize>,
}

/// Knows what is secret. Shared by everything that writes to a step's log; learns more as sessions are refreshed.
#[derive(Default)]
pub(crate) struct Redactor {
    known: KnownValues,
}

impl Redactor {
    /// From now on these values are secret, and so are their usual encodings. Values under eight bytes are not: they
    /// would be found everywhere.
    pub(crate) fn learn<'a>(&self, values: impl IntoIterator<Item = &'a str>) {
        self.known.learn(values);
    }

    /// A text that stands for itself: one line, or one word of a command.
    pub(crate) fn redact(&self, text: &str) -> Redacted {
        redact_findings(text, &self.findings(text))
    }

    /// Every secret in a text, in no particular order; they may overlap.
    pub(crate) fn findings(&self, text: &str) -> Vec<Finding> {
        let mut found = self.known.findings(text);
        found.extend(SHAPES.findings(text));
        found
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Redactor(redacted)")
    }
}

/// Puts one [`REPLACEMENT`] in place of each run of secrets.
pub(crate) fn redact_findings(text: &str, findings: &[Finding]) -> Redacted {
    let mut secrets: Vec<&Range<usize>> = findings.iter().map(|finding| &finding.secret).collect();
    secrets.sort_by_key(|secret| secret.start);
    let (mut clean, mut done) = (String::with_capacity(text.len()), 0);
    for secret in secrets {
        // A secret that begins where the last one ended, or inside it, needs no second replacement.
        if secret.start > done || clean.is_empty() {
            clean.push_str(text.get(done..secret.start).unwrap_or_default());
            clean.push_str(REPLACEMENT);
        }
        done = done.max(secret.end);
    }
    clean.push_str(text.get(done..).unwrap_or_default());
    Redacted(clean)
}

#[cfg(test)]
mod tests;
