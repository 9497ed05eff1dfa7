use std::sync::Arc;

use brevet_identity::Principal;
use serde_json::json;

use crate::clock::unix_now;
use crate::log::Log;
use crate::metrics::{MetricLine, Unit};
use crate::repeats::Repeats;
use crate::trail::Trail;

/// Everything a function has to say to its operators, in lines of JSON.
#[derive(Clone)]
pub struct Telemetry {
    log: Log,
    namespace: String,
    function: &'static str,
    repeats: Arc<Repeats>,
}

impl Telemetry {
    /// Says it to `log`, with metrics in `namespace`.
    pub fn new(log: Log, namespace: &str, function: &'static str) -> Self {
        Self { log, namespace: namespace.to_owned(), function, repeats: Arc::default() }
    }

    /// The function's name, as in audit lines and metrics.
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// A decision: its audit line, and how often and how long.
    pub fn decision(&self, mut trail: Trail) {
        if trail.line.decision == "denied" {
            let refusal = trail.line.refusal_key();
            trail.line.repeat = refusal.is_some_and(|refusal| self.repeats.is_repeat(refusal, unix_now()));
        }
        trail.line.cut_trace();
        let mut metrics = self.metrics().with_dimension("Decisions", Unit::Count, 1.0, ("Code", trail.line.code));
        for (name, latency) in trail.latencies() {
            metrics = metrics.with(name, Unit::Milliseconds, latency.as_secs_f64() * 1_000.0);
        }
        self.log.two_lines(&trail.line, &metrics);
    }

    /// A row that could not be read: its key and what is wrong with it.
    pub fn invalid_mapping(&self, row: &impl serde::Serialize) {
        self.log.line(&json!({"kind": "invalid_mapping", "row": row}));
        self.log.line(&self.metrics().with("InvalidMapping", Unit::Count, 1.0));
    }

    /// Claims that the claim table does not have, by name.
    pub fn unknown_claims(&self, principal: &Principal) {
        let names = principal.unknown_claims();
        if !names.is_empty() {
            self.log.line(&json!({"kind": "unknown_claims", "issuer": principal.issuer(), "claims": names}));
            self.log.line(&self.metrics().with("UnknownClaim", Unit::Count, names.len() as f64));
        }
    }

    /// How much of the space for policies and tags a session took.
    pub fn packed_policy(&self, percent: i32) {
        self.log.line(&self.metrics().with("PackedPolicySize", Unit::Percent, f64::from(percent)));
    }

    /// A fetch of an issuer's keys, and why it failed if it did.
    pub fn key_fetch(&self, issuer: &str, fault: Option<String>) {
        let outcome = if fault.is_none() { "succeeded" } else { "failed" };
        self.log.line(&self.metrics().with_dimension("KeyFetch", Unit::Count, 1.0, ("Outcome", outcome)));
        if let Some(fault) = fault {
            self.log.line(&json!({"kind": "key_fetch_failed", "issuer": issuer, "fault": fault}));
        }
    }

    /// Something an operator must know, that belongs to no decision.
    pub fn warn(&self, kind: &str, message: &str) {
        self.log.line(&json!({"kind": kind, "function": self.function, "message": message}));
    }

    fn metrics(&self) -> MetricLine<'_> {
        MetricLine::new(&self.namespace, self.function)
    }
}
