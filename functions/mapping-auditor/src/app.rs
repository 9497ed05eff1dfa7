//! From a batch of the stream to its lines.

use std::io;

use brevet_function_kit::{Log, MetricLine, Unit};
use serde_json::Value;

use crate::change::Judgement;
use crate::line::ChangeLine;
use crate::record::{Origin, Poison, Record};
use crate::settings::Settings;

const FUNCTION: &str = "mapping-auditor";

/// The function, ready for batches.
pub struct App {
    settings: Settings,
    log: Log,
}

/// Where Lambda is to begin again: at the first record that is named, or behind the batch if none is.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

/// The event has no records: it is from somewhere else.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAStreamEvent;

impl std::fmt::Display for NotAStreamEvent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the event is no batch of a DynamoDB stream")
    }
}

impl std::error::Error for NotAStreamEvent {}

impl App {
    /// Says it to `log`.
    pub fn new(settings: Settings, log: Log) -> Self {
        Self { settings, log }
    }

    /// Audits a batch, in its order. A record counts as done once its line is written; where that fails, Lambda is asked to
    /// come back with this record and all behind it.
    pub fn handle(&self, event: &Value, now: u64) -> Result<BatchAnswer, NotAStreamEvent> {
        let records = event.get("Records").and_then(Value::as_array).ok_or(NotAStreamEvent)?;
        let unwritten = records.iter().find(|record| self.audit(record, now).is_err());
        // A record without a number gives an empty text, which to Lambda is the whole batch.
        let from = unwritten.map(|record| Origin::read(record).sequence_number.unwrap_or_default());
        let failure = from.map(|item_identifier| BatchItemFailure { item_identifier });
        Ok(BatchAnswer { batch_item_failures: failure.into_iter().collect() })
    }

    fn audit(&self, record: &Value, now: u64) -> io::Result<()> {
        match Record::read(record) {
            Ok(record) => self.audit_change(&record, now),
            Err(poison) => self.pass_over(&poison),
        }
    }

    fn audit_change(&self, record: &Record, now: u64) -> io::Result<()> {
        let judgement = Judgement::of(&record.images, &self.settings.lint, now);
        self.log.try_line(&ChangeLine::new(FUNCTION, record, &judgement))?;
        let mut metrics = self.metrics().with("MappingsChanged", Unit::Count, 1.0).with_dimension(
            "MappingsChanged",
            Unit::Count,
            1.0,
            ("Change", record.images.word()),
        );
        for (metric, counts) in [
            ("InvalidMappingWritten", judgement.invalid().is_some()),
            ("DenyRowRemoved", judgement.deny_removed),
            ("MappingWidened", judgement.widens()),
            ("TemporaryAccessGiven", judgement.temporary_access(now)),
        ] {
            if counts {
                metrics = metrics.with(metric, Unit::Count, 1.0);
            }
        }
        if let Some(frozen) = judgement.freeze {
            metrics = metrics.with("FreezeInForce", Unit::Count, f64::from(u8::from(frozen)));
        }
        self.log.line(&metrics);
        Ok(())
    }

    /// A record that cannot be read stays so: it is told about and passed over, or it would hold up everything behind it.
    fn pass_over(&self, poison: &Poison) -> io::Result<()> {
        self.log.try_line(&PoisonLine { kind: "poison_record", function: FUNCTION, poison })?;
        self.log.line(&self.metrics().with("PoisonRecord", Unit::Count, 1.0));
        Ok(())
    }

    fn metrics(&self) -> MetricLine<'_> {
        MetricLine::new(&self.settings.metrics_namespace, FUNCTION)
    }
}

#[derive(serde::Serialize)]
struct PoisonLine<'a> {
    kind: &'static str,
    function: &'static str,
    #[serde(flatten)]
    poison: &'a Poison,
}
