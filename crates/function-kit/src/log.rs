use std::io::Write as _;
use std::sync::Arc;

/// Where log lines go: one JSON object a line, on standard output, from where Lambda takes them to CloudWatch.
#[derive(Clone)]
pub struct Log(Arc<dyn Fn(&str) + Send + Sync>);

impl Log {
    /// Standard output.
    pub fn stdout() -> Self {
        Self::to(|line| {
            // A line that cannot be written has nowhere to be reported.
            let _ = writeln!(std::io::stdout().lock(), "{line}");
        })
    }

    /// Somewhere else: tests read what would have been logged.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// Writes one line. What cannot be serialised is reported by name, never dropped silently.
    pub fn line(&self, record: &impl serde::Serialize) {
        match serde_json::to_string(record) {
            Ok(line) => (self.0)(&line),
            Err(_) => (self.0)(r#"{"kind":"log_error","message":"a log record could not be serialised"}"#),
        }
    }
}
