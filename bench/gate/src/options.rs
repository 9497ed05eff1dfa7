use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Counts the instructions of what Brevet does for a request, and compares them with the committed figures.
///
/// Three shares are told apart. `own` is the code of Brevet and of the libraries compiled with it; `cryptography` is aws-lc
/// and SHA-256; `libc` is the C library with its allocator. The first two and the number of allocations must not grow by a
/// tenth. The last is shown and not judged, because it comes with the system.
#[derive(Debug, Parser)]
#[command(
    name = "gate",
    after_help = "Exit status: 0 if nothing has grown by a tenth, 1 if something has or could not be counted.\n\
    When a figure has changed on purpose: `make gate UPDATE=1`, and commit bench/gate/figures.json with the change."
)]
pub(crate) struct Options {
    /// Write the figures instead of judging by them
    #[arg(long)]
    pub(crate) update: bool,

    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,

    /// The committed figures
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.json"))]
    pub(crate) figures: PathBuf,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Count whole warm requests of the built functions, without judging them
    Requests(Requests),
    /// Tell where the instructions of warm requests go, part by part: bench/profile.json and bench/profile.md
    Profile(Profile),
    /// Do one operation, to be counted from outside
    #[command(hide = true)]
    Operation {
        name: String,
        /// What to work on, in a file
        world: PathBuf,
    },
}

/// Runs each function under callgrind against a Runtime API, DynamoDB and STS on loopback, once with few warm requests and
/// once with more, and divides the difference: what starting takes is not in it. Instructions of the kernel never are.
#[derive(Debug, Args)]
pub(crate) struct Requests {
    /// The authorizer's binary
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lambda/authorizer/bootstrap"))]
    pub(crate) authorizer: PathBuf,

    /// The credentials function's binary
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/lambda/credentials/bootstrap"))]
    pub(crate) credentials: PathBuf,

    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs each function as `requests` does, with callgrind keeping apart by which calls a function was reached, and puts each
/// instruction into one part by the functions on its path. The functions must be built with names: `make profile` does that.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// The authorizer's binary
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/symbols/authorizer"))]
    pub(crate) authorizer: PathBuf,

    /// The credentials function's binary
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/symbols/credentials"))]
    pub(crate) credentials: PathBuf,

    /// Where to write both files
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    pub(crate) folder: PathBuf,

    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}
