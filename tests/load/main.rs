//! `load`: the built functions under a long stream of requests, with every answer checked.

mod answer;
mod environments;
mod event;
mod expected;
mod memory;
mod mix;
mod options;
mod oracle;
mod pairs;
mod pools;
mod progress;
mod questions;
mod race;
mod random;
mod report;
mod run;
mod schedule;
mod statistics;
mod subject;
mod surroundings;
mod tally;
mod token;
mod watch;
mod world;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::options::Options;
use crate::report::Report;
use crate::run::Run;

// One thread: the functions need the other processors.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let as_json = options.json;
    let (run, took) = Run::start(options).await?.finish().await?;
    let report = Report::of(run, took);
    let text = if as_json { serde_json::to_string_pretty(&report)? } else { report.text()? };
    writeln!(io::stdout(), "{text}")?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
