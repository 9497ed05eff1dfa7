use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::paths::in_repository;
use crate::section::Section;

/// Measures Brevet's functions beside what people would use instead.
///
/// Each function runs as a real process against a Lambda Runtime API on loopback, with the same tokens, the same GitLab
/// (over TLS, under an authority of its own) and the same fake DynamoDB and STS. In each round every function runs once,
/// in a new order; what is compared is compared within a round, and quoted as the median of the rounds with the smallest
/// and the largest.
#[derive(Clone, Debug, Parser)]
#[command(name = "bench")]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Measure, and write results.json and results.md
    Run(Run),
    /// Write results.md again from results.json, without measuring
    Render {
        /// The file to read; the page is written beside it
        #[arg(long, default_value_os_t = in_repository("bench/results.json"))]
        results: PathBuf,
    },
}

#[derive(Clone, Debug, Args)]
#[command(after_help = "`make bench` builds everything first: the released functions, the peers and their tools.\n\
    Quick look at one thing: `make bench QUICK=1 ONLY=authorizer`.")]
pub(crate) struct Run {
    /// Measure this section only, and keep the others as they were; may be given more than once
    #[arg(long, value_enum)]
    pub(crate) only: Vec<Section>,

    /// One round, with a tenth of the invocations: to see that it runs, not to quote. Kept apart, in target/bench
    #[arg(long)]
    pub(crate) quick: bool,

    /// Rounds; in each, every function is started once
    #[arg(long, default_value_t = 11)]
    pub(crate) rounds: usize,

    /// Use another binary, as `authorizer=/tmp/authorizer`; names are those of the folders in target/lambda
    #[arg(long, value_name = "NAME=PATH", value_parser = name_and_path)]
    pub(crate) binary: Vec<(String, PathBuf)>,

    /// Where the results are kept; the page is written beside it [default: bench/results.json]
    #[arg(long)]
    results: Option<PathBuf>,
}

impl Run {
    pub(crate) fn sections(&self) -> Vec<Section> {
        if self.only.is_empty() { Section::ALL.to_vec() } else { self.only.clone() }
    }

    pub(crate) fn rounds(&self) -> usize {
        if self.quick { 1 } else { self.rounds }
    }

    pub(crate) fn results(&self) -> PathBuf {
        let default = if self.quick { "target/bench/results.json" } else { "bench/results.json" };
        self.results.clone().unwrap_or_else(|| in_repository(default))
    }

    /// So many invocations, or a tenth.
    pub(crate) fn times(&self, invocations: usize) -> usize {
        if self.quick { invocations.div_ceil(10) } else { invocations }
    }

    /// The program of a compiled function.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        let given = self.binary.iter().rev().find(|(given, _)| given == name);
        given.map_or_else(|| in_repository("target/lambda").join(name).join("bootstrap"), |(_, path)| path.clone())
    }
}

fn name_and_path(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.split_once('=').ok_or("say NAME=PATH")?;
    Ok((name.to_owned(), PathBuf::from(path)))
}
