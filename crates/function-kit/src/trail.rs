use std::time::{Duration, Instant};

use crate::audit::AuditLine;

/// What becomes a request's audit line and latency metrics, filled in on the way.
pub struct Trail {
    /// The line.
    pub line: AuditLine,
    latencies: Vec<(&'static str, Duration)>,
}

impl Trail {
    /// Begins with a line of which nothing else is known yet.
    pub fn new(line: AuditLine) -> Self {
        Self { line, latencies: Vec::new() }
    }

    /// Runs a step and notes how long it took, under the name of a metric.
    pub async fn timed<T>(&mut self, name: &'static str, step: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let outcome = step.await;
        self.latencies.push((name, started.elapsed()));
        outcome
    }

    pub(crate) fn latencies(&self) -> &[(&'static str, Duration)] {
        &self.latencies
    }
}
