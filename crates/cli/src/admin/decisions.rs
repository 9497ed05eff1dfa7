//! Recorded decisions: the functions' audit lines, from CloudWatch Logs or from a file.

mod file;
mod log;

use std::path::PathBuf;

use brevet_review::{NotRecorded, RecordedDecision};
use clap::Args;
use serde_json::{Value, json};

use super::clock::now;
use super::moment::{shown, span};
use super::plain::counted;
use super::trouble::Trouble;
use super::{Context, aws};

/// Where the decisions are, and which.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Decisions")]
pub struct DecisionOptions {
    /// How far back: `12h`, `7d`, `4w`
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub since: Option<u64>,

    /// Log group of a function in CloudWatch Logs; may be given for each function [default: BREVET_AUDIT_LOG_GROUP]
    #[arg(long = "log-group", value_name = "GROUP", conflicts_with = "audit_file")]
    pub log_groups: Vec<String>,

    /// A file with audit lines instead, `-` for standard input; other lines are passed over
    #[arg(long = "audit-file", value_name = "FILE")]
    pub audit_file: Option<PathBuf>,
}

/// Takes decisions one by one: there may be any number of them.
pub(super) trait Sink {
    fn take(&mut self, decision: RecordedDecision);
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where from.
    pub(super) source: String,
    /// The first second that counts.
    pub(super) from: u64,
    pub(super) decisions: u64,
    /// Lines that say they are audit lines and cannot be read.
    pub(super) malformed: u64,
}

impl DecisionOptions {
    /// Hands over every decision of the time that is asked about; `default` is how far back if nothing is said.
    pub(super) async fn read(
        &self,
        default: u64,
        region: Option<&str>,
        context: &Context<'_>,
        sink: &mut dyn Sink,
    ) -> Result<Extent, Trouble> {
        let from = now().saturating_sub(self.since.unwrap_or(default));
        let mut extent = Extent { from, ..Extent::default() };
        match &self.audit_file {
            Some(path) => {
                extent.source = format!("`{}`", path.display());
                // A file is what somebody chose: all of it counts, unless something else is said.
                extent.from = self.since.map_or(0, |_| from);
                file::read(path, |line| extent.take(line, sink))?;
            }
            None => {
                let groups = self.groups(context)?;
                let config = aws::config(region, context.environment).await?;
                extent.source = groups.iter().map(|group| format!("`{group}`")).collect::<Vec<_>>().join(" and ");
                for group in &groups {
                    log::read(&config, group, from, |line| extent.take(line, sink)).await?;
                }
            }
        }
        Ok(extent)
    }

    fn groups(&self, context: &Context<'_>) -> Result<Vec<String>, Trouble> {
        if !self.log_groups.is_empty() {
            return Ok(self.log_groups.clone());
        }
        let group = context.environment.text("BREVET_AUDIT_LOG_GROUP");
        group.map(|group| vec![group.to_owned()]).ok_or_else(|| {
            Trouble::refused("decisions_unnamed", "nothing says where the recorded decisions are")
                .with_help("give --log-group GROUP or --audit-file FILE, or set BREVET_AUDIT_LOG_GROUP")
        })
    }
}

impl Extent {
    fn take(&mut self, line: &str, sink: &mut dyn Sink) {
        // Copies of logs have times before each line.
        let line = line.find('{').and_then(|start| line.get(start..)).unwrap_or_default();
        match RecordedDecision::parse(line) {
            Ok(decision) if decision.time >= self.from => {
                self.decisions += 1;
                sink.take(decision);
            }
            Ok(_) | Err(NotRecorded::AnotherKind) => {}
            Err(NotRecorded::Malformed) => self.malformed += 1,
        }
    }

    pub(super) fn in_words(&self) -> String {
        let since = if self.from > 0 { format!(" since {}", shown(self.from)) } else { String::new() };
        let malformed = match self.malformed {
            0 => String::new(),
            count => format!("; {} could not be read", counted(count, "audit line")),
        };
        format!("{} of {}{since}{malformed}", counted(self.decisions, "decision"), self.source)
    }

    pub(super) fn as_json(&self) -> Value {
        let from = Some(self.from).filter(|from| *from > 0).map(shown);
        json!({"source": self.source, "since": from, "decisions": self.decisions, "malformed": self.malformed})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Times(Vec<u64>);

    impl Sink for Times {
        fn take(&mut self, decision: RecordedDecision) {
            self.0.push(decision.time);
        }
    }

    #[test]
    fn counts_what_it_cannot_read_and_passes_over_what_is_no_audit_line() {
        let line = |time: &str| json!({"kind": "audit", "time": time, "function": "credentials", "request_id": "r", "code": "no_mapping"});
        let mut extent = Extent { from: 1_795_305_600, ..Extent::default() };
        let mut times = Times::default();
        for text in [
            "START RequestId: x".to_owned(),
            json!({"kind": "metric"}).to_string(),
            json!({"kind": "audit"}).to_string(),
            line("2026-11-21T23:59:59Z").to_string(),
            line("2026-11-22T00:00:00Z").to_string(),
            format!("2026-11-22T00:00:07.1Z\t{}", line("2026-11-22T00:00:07Z")),
        ] {
            extent.take(&text, &mut times);
        }
        assert_eq!(times.0, [1_795_305_600, 1_795_305_607]);
        assert_eq!((extent.decisions, extent.malformed), (2, 1));
        assert!(extent.in_words().ends_with("since 2026-11-22T00:00:00Z; 1 audit line could not be read"));
    }
}
