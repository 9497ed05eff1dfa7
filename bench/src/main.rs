//! Measures the functions, and what people would use instead, as real processes on a Lambda Runtime API.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod bare;
mod chart;
mod contender;
mod contest;
mod functions;
mod goal;
mod growth;
mod machine;
mod options;
mod package;
mod paths;
mod results;
mod round_trips;
mod sample;
mod section;
mod starts;
mod stream;
mod summary;
mod table;
mod versions;
mod world;

use clap::Parser as _;

use crate::options::{Command, Options};
use crate::results::Results;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    match Options::parse().command {
        Command::Run(run) => {
            let path = run.results();
            let mut results = Results::read(&path)?;
            for section in run.sections() {
                eprintln!("{}", section.title());
                let measured = section.measure(&run).await?;
                results.put(section, measured);
                // A later section that fails takes nothing of an earlier one with it.
                results.write(&path)?;
            }
            println!("{}", results.render()?);
            Ok(())
        }
        Command::Render { results } => Results::read(&results)?.write(&results),
    }
}
