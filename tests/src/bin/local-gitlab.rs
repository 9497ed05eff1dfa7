//! `local-gitlab`: serve the local GitLab, or print the token one of its jobs would get.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use brevet_tests::attacks::{Cast, Table, tables};
use brevet_tests::gitlab::{Instance, JobDescription, StateDir, loopback, serve as serve_instance};
use clap::{Args, Parser, Subcommand};
use serde_json::{Value, json};

/// A GitLab that exists for its ID tokens. It listens on loopback and will sign anything: never expose it.
#[derive(Parser)]
#[command(name = "local-gitlab")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Serve),
    Token(Box<Token>),
    Attacks(Attacks),
}

/// Serve discovery document, key set and switches until stopped
#[derive(Args)]
#[command(after_long_help = SERVE_HELP)]
struct Serve {
    /// The issuer becomes http://localhost:PORT
    #[arg(long, default_value_t = 8929)]
    port: u16,

    /// Folder of the keys and counters, made on first use; a `directory.json` in it replaces projects and users
    #[arg(long, value_name = "DIR", default_value = ".stack/gitlab")]
    state: PathBuf,
}

/// Print the ID token of a job
#[derive(Args)]
#[command(after_long_help = TOKEN_HELP)]
struct Token {
    #[command(flatten)]
    job: JobDescription,

    /// Set any claim to any JSON; what is not JSON is taken as text
    #[arg(long = "claim", value_name = "NAME=JSON", value_parser = parse_claim)]
    claims: Vec<(String, Value)>,

    /// Folder that `serve` uses
    #[arg(long, value_name = "DIR", default_value = ".stack/gitlab")]
    state: PathBuf,

    /// Print the claims instead of the token
    #[arg(long)]
    claims_only: bool,
}

/// Print tokens that must be refused, one JSON line each
#[derive(Args)]
#[command(after_long_help = ATTACKS_HELP)]
struct Attacks {
    /// Folder that `serve` uses
    #[arg(long, value_name = "DIR", default_value = ".stack/gitlab")]
    state: PathBuf,

    /// Only tables whose name contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    table: String,
}

const SERVE_HELP: &str = "\
Addresses:
  GET  /.well-known/openid-configuration
  GET  /oauth/discovery/keys
  POST /_local/token    a job, as JSON with the names of the `token` flags: {\"ref\": \"main\", \"fork\": true, \"claims\": {...}}
  POST /_local/rotate   replace the signing key; the old one is gone at once
  POST /_local/outage   {\"keys\": \"up|down|slow|garbage|huge|redirect|empty\"}
  GET  /_local/stats    how often the keys were fetched";

const TOKEN_HELP: &str = "\
Projects:
  4711  nordwind/platform/payments-api   main and v* are protected
  4712  nordwind/platform/web            the same
  9902  kdebeer/payments-api             a fork of 4711, in somebody's own namespace
  5999  nordwind/platform/payments-api   the same path under another id, as if 4711 had been renamed
Users:
  mlind (maintainer), jokafor (developer), svc-nightly (developer), kdebeer (owner of the fork only)

Examples:
  A push to the protected branch:
    local-gitlab token --project nordwind/platform/payments-api --ref main
  A deployment from a protected tag:
    local-gitlab token --ref v2.4.0 --tag --environment production/eu-west-1 --environment-protected
  Anybody's branch:
    local-gitlab token --ref feature/ledger
  A stranger's branch called `main`, run in the project by one of its members:
    local-gitlab token --ref main --fork
  A token of yesterday, and one for two audiences:
    local-gitlab token --age 86400
    local-gitlab token --audience https://brevet.local --audience https://vault.example
  Anything else:
    local-gitlab token --claim runner_environment=gitlab-hosted --claim 'groups_direct=[\"a/b\"]' --claims-only";

const ATTACKS_HELP: &str = "\
The tables are tests/attacks/cases/*.json. Left out is what no HTTP client can send, what is right for seconds only, and what
needs a second issuer to be trusted. A line:
  {\"table\": \"keys\", \"name\": \"...\", \"authorization\": [\"Bearer ...\"], \"expect\": \"token_invalid\", \"confidential\": [...]}
`confidential` lists what no log line may hold.

Examples:
    local-gitlab attacks | wc -l
    local-gitlab attacks --table keys --state .stack/demo/gitlab";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(arguments) => serve(arguments).await,
        Command::Token(arguments) => token(*arguments),
        Command::Attacks(arguments) => attacks(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where standard error is gone there is nobody left to tell.
            let _ = writeln!(io::stderr(), "local-gitlab: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(arguments: Serve) -> anyhow::Result<()> {
    let port = arguments.port;
    let listener = loopback(port).await.with_context(|| format!("port {port} of 127.0.0.1 cannot be used"))?;
    let issuer = format!("http://localhost:{port}");
    let state = StateDir::open(arguments.state)?;
    state.set_issuer(&issuer)?;
    let instance = Instance::open(state)?;
    writeln!(io::stdout(), "{issuer} signs with {}", instance.key_id())?;
    Ok(serve_instance(listener, instance).await?)
}

fn token(arguments: Token) -> anyhow::Result<()> {
    let mut job = arguments.job;
    job.claims.extend(arguments.claims);
    let instance = Instance::open(StateDir::open(arguments.state)?)?;
    let token = instance.job_token(&job)?;
    let printed =
        if arguments.claims_only { serde_json::to_string_pretty(token.claims())? } else { instance.sign(&token) };
    writeln!(io::stdout(), "{printed}")?;
    Ok(())
}

fn attacks(arguments: &Attacks) -> anyhow::Result<()> {
    let instance = Instance::open(StateDir::open(&arguments.state)?)?;
    let cast = Cast::new(&instance, "https://attacker.example");
    let mut out = io::stdout().lock();
    for name in tables().into_iter().filter(|name| name.contains(&arguments.table)) {
        for case in Table::read(&name).cases() {
            let attack = cast.attack(&case);
            if attack.by_http {
                let line = json!({
                    "table": name,
                    "name": attack.name,
                    "authorization": attack.authorization,
                    "expect": attack.expect.credentials,
                    "confidential": attack.confidential,
                });
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

fn parse_claim(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=JSON, as in runner_id=12")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
    Ok((name.to_owned(), value))
}
