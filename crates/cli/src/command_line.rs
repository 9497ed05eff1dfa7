//! What can be typed.

mod ask;
pub(crate) mod help;
mod log;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use ask::{Ask, role};
pub(crate) use log::Log;

use crate::admin::{self, AdminCommand};
use crate::credentials::Credentials;
use crate::doctor::Doctor;
use crate::failure::EXIT_USAGE;
use crate::request::Request;

/// AWS credentials for GitLab CI/CD jobs, on nothing but the job's own ID token
#[derive(Debug, Parser)]
#[command(name = "brevet", version, after_help = help::SHORT, after_long_help = help::LONG)]
pub struct CommandLine {
    /// What applies to every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Debug, Args)]
pub struct Options {
    /// Base address of Brevet's API [default: BREVET_URL, or what the AWS SDKs are told]
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,

    /// File with the job's ID token, read anew at each use [default: BREVET_ID_TOKEN_FILE]
    #[arg(long, global = true, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// Write results and errors as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a command with the credentials of a role, renewed for as long as it lives
    Exec(Exec),
    /// Print the credentials of a role
    Credentials(Credentials),
    /// Show this job's identity as a protected API receives it
    Whoami,
    /// Find out which layer between this job and its credentials is broken
    Doctor(Doctor),
    /// Send one HTTP request that is signed for AWS IAM (Signature Version 4)
    Request(Box<Request>),
    /// What platform admins do.
    #[command(flatten)]
    Admin(AdminCommand),
}

/// `brevet exec`.
#[derive(Debug, Args)]
#[command(after_long_help = help::EXEC)]
pub struct Exec {
    /// What to ask for.
    #[command(flatten)]
    pub ask: Ask,

    /// Put the keys themselves into the command's environment, for tools that know no container credentials. They are
    /// not renewed: the command has until the session ends
    #[arg(long)]
    pub env: bool,

    /// Where its log goes.
    #[command(flatten)]
    pub log: Log,

    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

impl CommandLine {
    /// Reads the arguments of this process; help and mistakes are printed here, and then there is an exit code.
    pub fn read() -> Result<Self, u8> {
        Self::try_parse().map_err(|message| {
            // Where the stream is closed nobody wants to read it.
            let _ = message.print();
            let usage = || admin::exit_code_of_usage(env::args_os().skip(1)).unwrap_or(EXIT_USAGE);
            if message.use_stderr() { usage() } else { 0 }
        })
    }
}
