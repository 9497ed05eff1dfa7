use std::io::{self, Write as _};
use std::sync::Arc;

/// Where log lines go: one JSON object a line, on standard output, from where Lambda takes them to CloudWatch.
#[derive(Clone)]
pub struct Log(Arc<Write>);

/// Takes a whole line with its end, so that it is written at once.
type Write = dyn Fn(&str) -> io::Result<()> + Send + Sync;

impl Log {
    /// Standard output.
    pub fn stdout() -> Self {
        Self(Arc::new(|line| io::stdout().lock().write_all(line.as_bytes())))
    }

    /// Somewhere else: tests read what would have been logged.
    pub fn to(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self::fallibly_to(move |line| {
            write(line);
            Ok(())
        })
    }

    /// Somewhere that may not take a line.
    pub fn fallibly_to(write: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |line| write(line.trim_end_matches('\n'))))
    }

    /// Writes one line; one that cannot be written has nowhere to be reported.
    pub fn line(&self, record: &impl serde::Serialize) {
        let _ = self.try_line(record);
    }

    /// Writes one line, or says that it could not. What cannot be serialised is reported by name, never dropped silently.
    pub fn try_line(&self, record: &impl serde::Serialize) -> io::Result<()> {
        let unserialised = r#"{"kind":"log_error","message":"a log record could not be serialised"}"#;
        let mut line = serde_json::to_string(record).unwrap_or_else(|_| unserialised.to_owned());
        line.push('\n');
        (self.0)(&line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_so_when_a_line_cannot_be_written() {
        let full = Log::fallibly_to(|_| Err(io::ErrorKind::StorageFull.into()));
        assert!(full.try_line(&"x").is_err());
        full.line(&"x");
    }
}
