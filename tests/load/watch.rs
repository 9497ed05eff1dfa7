use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use brevet_tests::runtime_api::Line;
use serde::Deserialize;

use crate::world::SECRETS;

/// How long a line that was written before an answer may take to be read after it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reads what one environment logs.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    seen: Mutex<Seen>,
    lines: AtomicU64,
}

#[derive(Debug, Default)]
struct Seen {
    /// Codes by request id: one each, if all is well.
    audited: HashMap<String, Vec<String>>,
    telling: Vec<String>,
    fetch_failed_at: Option<Instant>,
}

#[derive(Deserialize)]
struct Record {
    kind: Option<String>,
    #[serde(default)]
    request_id: String,
    #[serde(default)]
    code: String,
}

impl Watch {
    pub(crate) fn read(&self, line: &Line) {
        self.lines.fetch_add(1, Ordering::Relaxed);
        let mut seen = self.seen();
        if is_telling(&line.text) {
            seen.telling.push(line.text.clone());
        }
        let Ok(record) = serde_json::from_str::<Record>(&line.text) else {
            seen.telling.push(format!("not a JSON object: {}", line.text));
            return;
        };
        match record.kind.as_deref() {
            Some("audit") => seen.audited.entry(record.request_id).or_default().push(record.code),
            Some("key_fetch_failed") => seen.fetch_failed_at = Some(Instant::now()),
            _ => {}
        }
    }

    /// The codes that were audited for these requests, as soon as there is one for each, or when patience ends.
    pub(crate) async fn audited<'a>(&self, ids: impl Iterator<Item = &'a str> + Clone) -> HashMap<String, Vec<String>> {
        let deadline = Instant::now() + PATIENCE;
        while !ids.clone().all(|id| self.seen().audited.contains_key(id)) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        std::mem::take(&mut self.seen().audited)
    }

    pub(crate) fn fetch_failed_at(&self) -> Option<Instant> {
        self.seen().fetch_failed_at
    }

    pub(crate) fn lines(&self) -> u64 {
        self.lines.load(Ordering::Relaxed)
    }

    /// Lines that should not have been written as they were.
    pub(crate) fn take_telling(&self) -> Vec<String> {
        std::mem::take(&mut self.seen().telling)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a text holds part of a token, or a secret: the beginning of any JSON object in base64, the mark of our own
/// garbage, or a run of characters as long as only a payload or a signature has.
pub(crate) fn is_telling(text: &str) -> bool {
    let mut run = 0;
    let long_run = text.bytes().any(|byte| {
        run = if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' { run + 1 } else { 0 };
        run > 100
    });
    long_run || text.contains("eyJ") || text.contains("garbage-") || SECRETS.iter().any(|secret| text.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_each_part_of_a_token_and_each_secret() {
        let signature = "c2ln".repeat(80);
        for text in ["x eyJhbGciOiJSUzI1NiJ9", signature.as_str(), "garbage-00", SECRETS[0], SECRETS[3]] {
            assert!(is_telling(text), "{text}");
        }
        assert!(!is_telling(r#"{"kind":"audit","jti":"4f0b7e1c-2a5d-4c3e-9b8a-0d1e2f3a4b5c","code":"granted"}"#));
    }
}
