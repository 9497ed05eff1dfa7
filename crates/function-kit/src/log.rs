use std::io::{self, Write as _};
use std::sync::Arc;

/// Where log lines go: one JSON object a line, on standard output, from where Lambda takes them to CloudWatch.
#[derive(Clone)]
pub struct Log(Arc<Write>);

/// Takes whole lines with their ends, so that they are written at once.
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
        Self(Arc::new(move |lines| lines.lines().try_for_each(&write)))
    }

    /// Writes one line; one that cannot be written has nowhere to be reported.
    pub fn line(&self, record: &impl serde::Serialize) {
        let _ = self.try_line(record);
    }

    /// Writes one line, or says that it could not.
    pub fn try_line(&self, record: &impl serde::Serialize) -> io::Result<()> {
        (self.0)(&line(record))
    }

    /// Writes two lines, at once.
    pub(crate) fn two_lines(&self, first: &impl serde::Serialize, second: &impl serde::Serialize) {
        let _ = (self.0)(&(line(first) + &line(second)));
    }
}

/// What cannot be serialised is reported by name, never dropped silently.
fn line(record: &impl serde::Serialize) -> String {
    let unserialised = r#"{"kind":"log_error","message":"a log record could not be serialised"}"#;
    let mut line = serde_json::to_string(record).unwrap_or_else(|_| unserialised.to_owned());
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn each_record_is_a_line_of_its_own() {
        let (send, written) = std::sync::mpsc::channel();
        let log = Log::to(move |line| send.send(line.to_owned()).unwrap());
        log.line(&"a\nb");
        log.two_lines(&1, &BTreeMap::from([((), 2)]));
        let lines: Vec<String> = written.try_iter().collect();
        let unserialised = r#"{"kind":"log_error","message":"a log record could not be serialised"}"#;
        assert_eq!(lines, [r#""a\nb""#, "1", unserialised]);
    }

    #[test]
    fn says_so_when_a_line_cannot_be_written() {
        let full = Log::fallibly_to(|_| Err(io::ErrorKind::StorageFull.into()));
        assert!(full.try_line(&"x").is_err());
        full.line(&"x");
    }
}
