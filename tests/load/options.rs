use std::path::PathBuf;

use clap::Parser;

/// Holds the built functions under a sustained stream of requests and checks every answer.
///
/// The real `bootstrap`s of `credentials` and `authorizer` run on a Lambda Runtime API on loopback, against a local
/// GitLab and a fake DynamoDB and STS. Each request is made together with the code it has to be answered with. On the
/// way the GitLab changes its key and goes away and comes back, environments are replaced, DynamoDB and STS fail now and
/// then, and tokens that may be used once are used in several environments at the same moment.
///
/// Exits with 1 when any verdict is wrong, any log line missing or telling, memory grows, or the key endpoint is asked
/// too often. Times are told, never judged.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "load",
    after_help = "Build the functions first: `make build-local`, or `make build` for what is released.\n\
    The same seed makes the same requests; `cargo run --bin load -- --requests 20000` takes about a minute."
)]
pub(crate) struct Options {
    /// How many requests to send, races and timed pairs not counted
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) requests: usize,

    /// Environments of each function that run at the same time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=16))]
    pub(crate) environments: u16,

    /// How often the GitLab changes its key on the way
    #[arg(long, default_value_t = 4)]
    pub(crate) rotations: usize,

    /// Tokens for one use that all environments are sent at once [default: one for every 200 requests]
    #[arg(long)]
    pub(crate) races: Option<usize>,

    /// Pairs of requests that are timed against each other [default: one for every 250 requests]
    #[arg(long)]
    pub(crate) pairs: Option<usize>,

    /// What the requests depend on
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,

    /// The folder with `<function>/bootstrap`
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/lambda"))]
    pub(crate) functions: PathBuf,

    /// How the functions were built, for the summary
    #[arg(long, default_value = "unknown")]
    pub(crate) profile: String,

    /// Print the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Options {
    pub(crate) fn races(&self) -> usize {
        self.races.unwrap_or(self.requests / 200)
    }

    pub(crate) fn pairs(&self) -> usize {
        self.pairs.unwrap_or(self.requests / 250)
    }
}
