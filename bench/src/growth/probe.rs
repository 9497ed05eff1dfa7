use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use brevet_tests::runtime_api::Bootstrap;
use serde_json::Value;

use crate::summary::percentile;

/// What one size of the thing costs.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    /// Processor time from the start to the first request for an event, in milliseconds.
    pub(super) init_cpu_ms: f64,
    /// Processor time of a request in microseconds, the lower quartile: whatever else the machine does only adds to it.
    pub(super) cpu_us: f64,
    /// The most memory it ever had, in MB.
    pub(super) memory_mb: f64,
    /// What a request writes into the log, in bytes.
    pub(super) log_bytes: f64,
    /// The last answer.
    pub(super) answer: Value,
}

/// Requests that are not counted.
pub(super) const SETTLING: usize = 5;
/// As many as there is time for, within these bounds.
const TIME: Duration = Duration::from_millis(300);
const FEWEST: usize = 5;
pub(super) const MOST: usize = 200;

/// Starts the function and sends it the events, again and again. Each answer must be what is wanted.
///
/// Processor time of the process is what counts: what the fakes of AWS do meanwhile is not in it.
pub(super) async fn probe(
    bootstrap: &Bootstrap,
    events: &[String],
    wanted: impl Fn(&Value) -> bool,
) -> anyhow::Result<Cost> {
    let mut environment = bootstrap.start().await?;
    let init_cpu_ms = environment.usage()?.cpu.as_secs_f64() * 1e3;
    let (mut spent, mut sent, mut last, mut began) = (Vec::new(), 0, Value::Null, Instant::now());
    for (number, event) in events.iter().cycle().take(SETTLING + MOST).enumerate() {
        if number == SETTLING {
            began = Instant::now();
        }
        let before = environment.usage()?.cpu;
        let answer = environment.invoke(event.clone()).await.answer?;
        let after = environment.usage()?.cpu;
        let parsed: Value = serde_json::from_slice(&answer)?;
        ensure!(wanted(&parsed), "a wrong answer: {}", String::from_utf8_lossy(&answer));
        (last, sent) = (parsed, sent + 1);
        if number >= SETTLING {
            spent.push(after.saturating_sub(before).as_secs_f64() * 1e6);
        }
        if spent.len() >= FEWEST && began.elapsed() > TIME {
            break;
        }
    }
    let memory_mb = environment.usage().context("it still runs")?.peak as f64 / 1e6;
    let (_, lines) = environment.stop().await;
    let log_bytes = lines.iter().map(|line| line.text.len()).sum::<usize>() as f64 / f64::from(sent);
    Ok(Cost { init_cpu_ms, cpu_us: percentile(&mut spent, 25.0), memory_mb, log_bytes, answer: last })
}
