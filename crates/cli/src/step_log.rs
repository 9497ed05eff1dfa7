//! The log of a step: what a command was, what it wrote and how it ended, in CloudWatch Logs, tied to GitLab's ids.
//!
//! The promise is that no step goes unlogged: [`StepLog::open`] has written the first event before the command starts,
//! or the command does not start. From then on the command never waits for CloudWatch, and what is missing in the end is
//! counted, in the log and on the job's screen.
//!
//! Events are written with the job's own session, about once a second. A line that CloudWatch took although its answer
//! was lost is there twice, with one `sequence`. If this very process is killed by `SIGKILL`, everything is there up to
//! the last second, an `end` is not.

mod cloudwatch;
mod console;
mod event;
mod job;
mod outbox;
mod queue;
mod redaction;
mod refusal;
mod sender;
mod settings;
mod spool;
mod tap;
mod transcript;

use std::collections::hash_map::RandomState;
use std::env;
use std::ffi::OsString;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, Stderr, Stdout};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::say;
use crate::session::SessionCredentials;

pub(crate) use event::Ending;
use job::JobIds;
pub(crate) use redaction::Redactor;
pub(crate) use settings::LogOptions;

use cloudwatch::{LogFault, LogStream};
use event::{Event, Record, Stream};
use outbox::Outbox;
use queue::{Limits, Queue};
use settings::LogSettings;
use tap::Tap;
use transcript::Transcript;

/// So much may wait for CloudWatch in memory, and so much more on disk, before lines are dropped.
const MEMORY_BYTES: usize = 8 * 1024 * 1024;
const SPOOL_BYTES: u64 = 512 * 1024 * 1024;

/// How often to look whether the last output of a command is copied, and for how long: what it left running in the
/// background may write for ever.
const DRAIN_CHECK: Duration = Duration::from_millis(5);
const DRAIN: Duration = Duration::from_secs(10);

/// The step that is about to run.
pub(crate) struct Step<'a> {
    /// Who runs it.
    pub(crate) session: &'a SessionCredentials,
    /// The command and its arguments, as they are; secrets are taken out here.
    pub(crate) command: &'a [OsString],
    /// Where CloudWatch is, and which values are secret.
    pub(crate) environment: &'a Environment,
}

/// The log of a step that is running.
pub(crate) struct StepLog {
    id: String,
    stream: LogStream,
    console_url: String,
    outbox: Arc<Outbox>,
    redactor: Arc<Redactor>,
    sender: JoinHandle<()>,
    taps: Vec<Arc<Tap>>,
    flush: Duration,
    began: Instant,
}

/// What became of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completeness {
    /// Every line is in it, and how the command ended.
    Complete,
    /// Something is missing; the job's screen says how much.
    Incomplete,
}

impl StepLog {
    /// Writes the first event. On an error nothing may run.
    ///
    /// `redactor` knows the secrets of the session and is told the next one's before the command can have them.
    pub(crate) async fn open(
        options: LogOptions,
        step: Step<'_>,
        credentials: SharedCredentialsProvider,
        redactor: Arc<Redactor>,
    ) -> Result<Self, Failure> {
        let settings = LogSettings::new(options, step.environment)?;
        let job = JobIds::of_session(step.session.session_name()).ok_or_else(refusal::no_job)?;
        let id = format!("{:016x}", RandomState::new().build_hasher().finish());
        let stream = LogStream::new(&settings, &job.stream(), credentials);
        let secrets = redaction::secret_values(step.environment.variables());
        redactor.learn(secrets.iter().map(String::as_str));

        let first = first_event(&id, &job, &step, &redactor);
        stream.open(first).await.map_err(|fault| refusal::cannot_open(fault, &settings, &job))?;

        let limits = Limits { memory_bytes: MEMORY_BYTES, spool_bytes: SPOOL_BYTES, spool_folder: env::temp_dir() };
        let outbox = Arc::new(Outbox::new(Queue::new(&id, limits)));
        let sender = tokio::spawn({
            let (outbox, stream) = (Arc::clone(&outbox), stream.clone());
            async move { sender::send(&outbox, &stream, tell_delay).await }
        });
        let console_url = console::console_url(settings.region.as_ref(), &settings.group, &job.stream());
        let (flush, taps, began) = (settings.flush, Vec::new(), Instant::now());
        Ok(Self { id, stream, console_url, outbox, redactor, sender, taps, flush, began })
    }

    /// Where a person reads the log.
    pub(crate) fn console_url(&self) -> &str {
        &self.console_url
    }

    /// Where the command is to write. Whoever starts it must let go of both, or the outputs never end.
    pub(crate) fn outputs(&mut self) -> Result<(Stdio, Stdio), Failure> {
        let (out, err): (Stdout, Stderr) = (io::stdout(), io::stderr());
        let out = self.tap(Stream::Stdout, &out).map_err(refusal::no_pipe)?;
        let err = self.tap(Stream::Stderr, &err).map_err(refusal::no_pipe)?;
        Ok((out, err))
    }

    /// Writes the rest of the output and the last event, as far as CloudWatch takes them within the time for it.
    pub(crate) async fn finish(mut self, ending: Ending) -> Completeness {
        let seconds = self.began.elapsed().as_secs_f64();
        self.drain().await;
        self.outbox.close();
        let in_time = timeout(self.flush, &mut self.sender).await.is_ok();
        if !in_time {
            self.sender.abort();
        }
        let (lines, delivered) = (self.outbox.queue().lines(), self.outbox.delivered_lines());
        let missing = lines.saturating_sub(delivered);
        let bytes = self.taps.iter().map(|tap| tap.bytes()).sum();
        let seconds = (seconds * 1_000.0).round() / 1_000.0;
        let last = Event::End { step: &self.id, ending, seconds, lines, bytes, missing };
        let timestamp = tap::now().max(self.outbox.queue().last_timestamp());
        let last = sender::send_last(&self.stream, Record::new(timestamp, &last)).await;
        let too_slow = || (!in_time).then(|| LogFault::Unavailable("CloudWatch Logs is too slow".to_owned()));
        let fault = self.outbox.last_fault().or_else(|| last.as_ref().err().cloned()).or_else(too_slow);
        if missing == 0 && last.is_ok() {
            return Completeness::Complete;
        }
        let end = if last.is_err() { ", and how the command ended is not in it" } else { "" };
        let cause = fault.map(|fault| format!(" ({})", self.redactor.redact(&fault.to_string()).as_str()));
        let cause = cause.unwrap_or_default();
        say(&format!("brevet: log_incomplete: {missing} of {lines} lines are missing in the log{end}{cause}"));
        Completeness::Incomplete
    }

    fn tap(&mut self, stream: Stream, destination: &impl AsFd) -> io::Result<Stdio> {
        let transcript = Transcript::new(Arc::clone(&self.redactor));
        let (tap, end) = Tap::start(stream, Arc::clone(&self.outbox), transcript, destination.as_fd())?;
        self.taps.push(tap);
        Ok(end)
    }

    async fn drain(&self) {
        let drained = async {
            while !self.taps.iter().all(|tap| tap.is_drained()) {
                sleep(DRAIN_CHECK).await;
            }
        };
        let _ = timeout(DRAIN, drained).await;
        self.taps.iter().for_each(|tap| tap.finish());
    }
}

fn first_event(id: &str, job: &JobIds, step: &Step<'_>, redactor: &Redactor) -> Record {
    let folder = env::current_dir().unwrap_or_default();
    let event = Event::Start {
        step: id,
        job,
        session_name: step.session.session_name(),
        role_arn: &step.session.role_arn,
        mapping: &step.session.mapping,
        request_id: &step.session.request_id,
        command: &redaction::redact_command(redactor, step.command),
        working_directory: &redactor.redact(&folder.to_string_lossy()),
        brevet_version: env!("CARGO_PKG_VERSION"),
    };
    Record::new(tap::now(), &event)
}

fn tell_delay(fault: &LogFault) {
    let lot = match fault {
        LogFault::Invalid(_) => "the rest of its output is logged",
        LogFault::Missing | LogFault::Denied(_) | LogFault::Unavailable(_) => "its output is kept to be sent later",
    };
    say(&format!("brevet: log: {fault}; the command goes on, and {lot}"));
}

#[cfg(test)]
mod fake_cloudwatch;
#[cfg(test)]
mod tests;
