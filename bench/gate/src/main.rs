//! Holds what Brevet does for a request to a number of instructions. Callgrind counts them, so the figures depend neither
//! on the machine's speed nor on what else it does: `make gate` fails where one has grown by a tenth.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod breakdown;
mod callgrind;
mod comparison;
mod counted;
mod figures;
mod operation;
mod operations;
mod options;
mod profile;
mod report;
mod requests;
mod world;
mod written;

use std::process::ExitCode;

use clap::Parser as _;

use crate::comparison::Comparison;
use crate::figures::{Figures, MadeWith};
use crate::options::{Command, Options};
use crate::world::World;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    match options.command {
        Some(Command::Operation { name, world }) => {
            (operation::named(&name)?.run)(&World::read(&world)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Requests(requests)) => {
            println!("{}", requests::run(&requests)?);
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Profile(profile)) => {
            let breakdown = breakdown::run(&profile)?;
            println!(
                "{}",
                if profile.json { serde_json::to_string_pretty(&breakdown)? } else { breakdown::text(&breakdown) }
            );
            Ok(ExitCode::SUCCESS)
        }
        None => judge(&options),
    }
}

fn judge(options: &Options) -> anyhow::Result<ExitCode> {
    let made_with = MadeWith::here()?;
    let found = Figures { operations: callgrind::count_all()?, made_with };
    if options.update {
        found.write(&options.figures)?;
    }
    let comparison = Comparison::new(&Figures::read(&options.figures)?, &found);
    println!("{}", if options.json { report::json(&comparison)? } else { report::text(&comparison) });
    Ok(if comparison.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
