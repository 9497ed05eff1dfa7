//! Holds what Brevet does for a request to a number of instructions. Callgrind counts them, so the figures depend neither
//! on the machine's speed nor on what else it does: `make gate` fails where one has grown by a tenth.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod callgrind;
mod comparison;
mod counted;
mod figures;
mod operation;
mod operations;
mod options;
mod profile;
mod report;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

use crate::comparison::Comparison;
use crate::figures::{Figures, MadeWith};
use crate::options::{Command, Options};
use crate::world::World;

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    if let Some(Command::Operation { name, world }) = options.command {
        (operation::named(&name)?.run)(&World::read(&world)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let made_with = MadeWith::here()?;
    let found = Figures { operations: callgrind::count_all()?, made_with };
    let path = options.figures;
    if options.update {
        found.write(&path)?;
    }
    let comparison = Comparison::new(&Figures::read(&path)?, &found);
    println!("{}", if options.json { report::json(&comparison)? } else { report::text(&comparison) });
    Ok(if comparison.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
