//! What a log stream is made of: one JSON object an event.
//!
//! ```text
//! {"event":"start","step":"5b1c0a9e77d2f834","project_id":"4711","pipeline_id":"990001","job_id":"5550001",
//!  "session_name":"gl-4711-990001-5550001","role_arn":"arn:...","mapping":"deploy","request_id":"...",
//!  "command":["npx","cdk","deploy"],"working_directory":"/builds/x","brevet_version":"0.1.0"}
//! {"event":"output","step":"5b1c0a9e77d2f834","sequence":1,"stream":"stderr","line":"Brevet-prod: deploying... [1/1]"}
//! {"event":"gap","step":"5b1c0a9e77d2f834","lines":12}
//! {"event":"end","step":"5b1c0a9e77d2f834","exit_code":0,"seconds":42.17,"lines":1,"bytes":32,"missing":0}
//! ```
//!
//! An `end` has one of `exit_code`, `signal` (`"SIGTERM"`) and `not_started` (126 or 127, as shells have it).

use nix::sys::signal::Signal;
use serde::Serialize;

use super::job::JobIds;
use super::redaction::Redacted;

/// One event. Every string that the command or the job could have chosen is [`Redacted`].
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    /// The command is about to start.
    Start {
        /// Tells the steps of a job apart.
        step: &'a str,
        #[serde(flatten)]
        job: &'a JobIds,
        session_name: &'a str,
        role_arn: &'a str,
        mapping: &'a str,
        /// Brevet's, by which its own audit log has the grant.
        request_id: &'a str,
        command: &'a [Redacted],
        working_directory: &'a Redacted,
        brevet_version: &'static str,
    },
    /// A line that the command wrote.
    Output {
        step: &'a str,
        /// Counts up over both outputs. A number that is there twice is one line, delivered twice.
        sequence: u64,
        stream: Stream,
        line: &'a Redacted,
        /// The next line of this stream continues this one, which was too long for one event.
        #[serde(skip_serializing_if = "is_false")]
        continues: bool,
    },
    /// Lines are missing here: CloudWatch took them more slowly than the command wrote them, for too long.
    Gap { step: &'a str, lines: u64 },
    /// The command is over.
    End {
        step: &'a str,
        #[serde(flatten)]
        ending: Ending,
        seconds: f64,
        /// Lines the command wrote, and bytes.
        lines: u64,
        bytes: u64,
        /// How many of the lines are not in the log.
        missing: u64,
    },
}

/// Which output of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ending {
    /// By itself, with this exit code.
    ExitCode(i32),
    /// By this signal, such as `SIGTERM`.
    Signal(&'static str),
    /// It could not be started; the exit code of shells for that.
    NotStarted(u8),
}

impl Ending {
    /// By a signal of this number.
    pub(crate) fn of_signal(number: i32) -> Self {
        Self::Signal(Signal::try_from(number).map_or("unknown", Signal::as_str))
    }
}

/// An event and its time, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Milliseconds since 1970.
    pub(super) timestamp: i64,
    pub(super) message: String,
    /// How many lines of the command it stands for: a gap stands for none, as those lines are not delivered with it.
    pub(super) lines: u64,
}

impl Record {
    pub(super) fn new(timestamp: i64, event: &Event<'_>) -> Self {
        // Maps with strings as keys and numbers that are finite: there is nothing that JSON could not hold.
        let message = serde_json::to_string(event).unwrap_or_default();
        Self { timestamp, message, lines: u64::from(matches!(event, Event::Output { .. })) }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}
