//! One output of the command as lines that are fit for the log.
//!
//! A line ends with a line feed or a carriage return: a progress bar that redraws itself is a line each time, since what
//! was on the screen belongs into the log. A line is only passed on as a whole, so that no secret is cut. An endless one
//! is passed on in pieces, and enough of it is held back that a secret across the cut is still seen as one.

use std::sync::Arc;

use super::redaction::{Finding, PrivateKeyBlock, Redacted, Redactor, redact_findings, without_control_sequences};

/// A longer line is passed on in pieces. JSON may write a byte as six, and an event has at most a mebibyte.
pub(super) const MAX_LINE_BYTES: usize = 128 * 1024;

/// What is held back of a longer line; no secret is longer than this, but for those that are swallowed to their end.
pub(super) const HELD_BACK_BYTES: usize = 16 * 1024;

/// A line, or a piece of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: Redacted,
    /// The next line of the same output is the rest of this one.
    pub(super) continues: bool,
}

/// Makes lines of bytes as they come.
pub(super) struct Transcript {
    redactor: Arc<Redactor>,
    pending: Vec<u8>,
    after_return: AfterReturn,
    private_key: PrivateKeyBlock,
    inside_secret: bool,
}

/// A carriage return and a line feed are one end of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterReturn {
    No,
    LinePassedOn,
    NothingPassedOn,
}

impl Transcript {
    pub(super) fn new(redactor: Arc<Redactor>) -> Self {
        Self {
            redactor,
            pending: Vec::new(),
            after_return: AfterReturn::No,
            private_key: PrivateKeyBlock::default(),
            inside_secret: false,
        }
    }

    /// Takes what the command wrote, and gives the lines that are complete now.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            match part.split_last() {
                Some((b'\n', text)) => {
                    self.extend(text, &mut lines);
                    if self.after_return != AfterReturn::LinePassedOn {
                        lines.push(self.line());
                    }
                    self.after_return = AfterReturn::No;
                }
                Some((b'\r', text)) => {
                    self.extend(text, &mut lines);
                    self.after_return = AfterReturn::NothingPassedOn;
                    if !self.pending.is_empty() {
                        lines.push(self.line());
                        self.after_return = AfterReturn::LinePassedOn;
                    }
                }
                _ => self.extend(part, &mut lines),
            }
        }
        lines
    }

    /// The last line, if it has no end.
    pub(super) fn finish(&mut self) -> Option<Line> {
        (!self.pending.is_empty()).then(|| self.line())
    }

    fn extend(&mut self, text: &[u8], lines: &mut Vec<Line>) {
        for chunk in text.chunks(HELD_BACK_BYTES) {
            self.after_return = AfterReturn::No;
            self.pending.extend_from_slice(chunk);
            if self.pending.len() >= MAX_LINE_BYTES {
                lines.extend(self.piece());
            }
        }
    }

    fn line(&mut self) -> Line {
        let bytes = std::mem::take(&mut self.pending);
        let text = self.readable(&bytes);
        let findings = self.findings(&text);
        self.private_key.look_for_beginning(&text);
        self.inside_secret = false;
        Line { text: redact_findings(&text, &findings), continues: false }
    }

    /// The beginning of an endless line, up to where no secret is cut.
    fn piece(&mut self) -> Option<Line> {
        let bytes = std::mem::take(&mut self.pending);
        let (bytes, unfinished) = bytes.split_at(bytes.len() - unfinished_character(&bytes));
        let text = self.readable(bytes);
        let findings = self.findings(&text);
        let cut = place_to_cut(&text, &findings);
        let (now, later) = text.split_at(cut);
        let findings: Vec<Finding> = findings.into_iter().filter(|finding| finding.whole.end <= cut).collect();
        self.private_key.look_for_beginning(now);
        self.inside_secret = later.is_empty();
        self.pending.extend_from_slice(later.as_bytes());
        self.pending.extend_from_slice(unfinished);
        (!now.is_empty()).then(|| Line { text: redact_findings(now, &findings), continues: true })
    }

    /// Text without control sequences, and without the rest of a secret whose beginning was passed on as redacted.
    fn readable(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let text = without_control_sequences(&text);
        let is_secret = |character: char| character.is_ascii_alphanumeric() || "+/=_.%~-".contains(character);
        let rest = if self.inside_secret { text.trim_start_matches(is_secret) } else { &text };
        rest.to_owned()
    }

    fn findings(&mut self, text: &str) -> Vec<Finding> {
        let mut findings = self.redactor.findings(text);
        findings.extend(self.private_key.continued(text));
        findings
    }
}

/// Where nothing that was found is cut: before a secret that reaches into what is held back, or after one so long that
/// there is nothing before it.
fn place_to_cut(text: &str, findings: &[Finding]) -> usize {
    let across = |cut: usize| findings.iter().find(move |finding| finding.whole.start < cut && cut < finding.whole.end);
    let wanted = text.floor_char_boundary(text.len().saturating_sub(HELD_BACK_BYTES));
    let mut cut = wanted;
    while let Some(finding) = across(cut) {
        cut = finding.whole.start;
    }
    if cut == 0 {
        cut = wanted;
        while let Some(finding) = across(cut) {
            cut = finding.whole.end;
        }
    }
    cut
}

/// How many bytes at the end are the beginning of a character of UTF-8.
fn unfinished_character(bytes: &[u8]) -> usize {
    let width = |lead: u8| match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 0,
    };
    let last = bytes.iter().rev().take(3).enumerate();
    last.filter(|(after, lead)| width(**lead) > after + 1).map(|(after, _)| after + 1).next().unwrap_or(0)
}

#[cfg(test)]
mod tests;
