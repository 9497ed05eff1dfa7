//! The auditor of the role-mapping table, over `events/mapping-auditor`.

mod batches;
mod events;
mod images;
mod lines;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};

use brevet_function_kit::{Environment, Log};
use brevet_mapping_auditor::{App, BatchAnswer, NotAStreamEvent, Settings};
use brevet_tests::events::sample_event;
use serde_json::Value;

/// A moment after the sample events.
const NOW: u64 = 1_795_305_660;
/// What is filled into the sample event whose row has an external id.
const CONFIDENTIAL: &str = "not-for-any-log";

/// What became of a batch: the lines, and what Lambda was told.
struct Audited {
    lines: Vec<Value>,
    answer: Result<Value, NotAStreamEvent>,
}

impl Audited {
    fn of_kind(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["kind"] == kind).collect()
    }

    /// The values of a metric, one for each time it was counted.
    fn metric(&self, name: &str) -> Vec<f64> {
        self.of_kind("metrics").iter().filter_map(|line| line[name].as_f64()).collect()
    }
}

fn sample(case: &str) -> Value {
    sample_event("mapping-auditor", case, CONFIDENTIAL)
}

fn audit(event: &Value) -> Audited {
    audit_with_room_for(usize::MAX, event)
}

/// Audits with a log that takes so many lines and no more.
fn audit_with_room_for(lines: usize, event: &Value) -> Audited {
    let written = Arc::new(Mutex::new(Vec::new()));
    let log = Log::fallibly_to({
        let written = Arc::clone(&written);
        move |line| {
            let mut written = written.lock().expect("no test panics with the lock");
            if written.len() == lines {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            written.push(serde_json::from_str(line)?);
            Ok(())
        }
    });
    let answer = App::new(settings(), log).handle(event, NOW);
    let lines = written.lock().expect("no test panics with the lock").clone();
    Audited { lines, answer: answer.map(|answer: BatchAnswer| serde_json::to_value(answer).expect("answers are JSON")) }
}

fn settings() -> Settings {
    let variables =
        [("METRICS_NAMESPACE", "Brevet/test"), ("ROLE_PATH", "/brevet/"), ("BREVET_ACCOUNT", "111122223333")];
    let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::read(&Environment::from(HashMap::from(owned)));
    settings.unwrap_or_else(|faults| panic!("{faults}"))
}
