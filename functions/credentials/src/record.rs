use std::time::{Duration, Instant};

use brevet_function_kit::AuditLine;

use crate::event::Origin;
use crate::failure::Failure;

/// What becomes the request's audit line and latency metrics, filled in on the way.
pub(crate) struct Record {
    pub(crate) line: AuditLine,
    /// What identifies the token, for telling repeats.
    pub(crate) jti: Option<String>,
    pub(crate) latencies: Vec<(&'static str, Duration)>,
}

impl Record {
    pub(crate) fn new(function: &'static str, origin: &Origin) -> Self {
        let mut line = AuditLine::new(function, &origin.request_id, "granted", "granted");
        line.source_ip.clone_from(&origin.source_ip);
        line.user_agent.clone_from(&origin.user_agent);
        Self { line, jti: None, latencies: Vec::new() }
    }

    /// Runs a step and notes how long it took.
    pub(crate) async fn timed<T>(&mut self, name: &'static str, step: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let outcome = step.await;
        self.latencies.push((name, started.elapsed()));
        outcome
    }

    pub(crate) fn fail(&mut self, failure: &Failure) {
        self.line.decision = failure.decision();
        self.line.code = failure.code();
        self.line.detail = failure.detail();
        if let Failure::Denied(denial) = failure {
            self.line.trace = serde_json::json!(denial.trace());
        }
    }
}
