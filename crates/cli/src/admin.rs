//! The commands of platform admins: role mappings as code, and questions about them.
//!
//! Their exit codes are their own: 0 fine, 1 findings or changes where those were asked about, 2 refused, 3 cannot tell.

mod apply;
mod aws;
mod clock;
mod colour;
mod decisions;
mod explain;
mod export;
mod facts;
mod files;
mod freeze;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod help;
mod hex;
mod lint;
mod mappings;
mod moment;
mod patience;
mod plain;
mod plan;
mod progress;
mod question_help;
mod questions;
mod reach;
mod report;
mod roles;
mod row_key;
mod schema;
mod source;
mod stamp;
mod table;
mod trouble;
mod what_if;
mod who_can;

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, Subcommand};

use self::mappings::Mappings;
use self::questions::Question;
use self::trouble::{EXIT_REFUSED_INPUT, Trouble};
use crate::command_line::{CommandLine, Options};
use crate::environment::Environment;

/// Exit code of commands that found what they were asked to look for.
const EXIT_FOUND: u8 = 1;

/// What admins can ask for.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Role mappings as code: plan, apply, export and lint
    #[command(subcommand, after_long_help = help::MAPPINGS)]
    Mappings(Mappings),
    /// Questions about rows.
    #[command(flatten)]
    Question(Question),
}

/// What every command of an admin has in hand.
pub(crate) struct Context<'a> {
    /// Results and errors are to be JSON.
    pub(crate) json: bool,
    /// The file of `--token-file`.
    pub(crate) token_file: Option<&'a Path>,
    pub(crate) environment: &'a Environment,
}

/// Does what was asked for, tells trouble, and returns the exit code.
pub(crate) async fn run(command: &AdminCommand, options: &Options, environment: &Environment) -> u8 {
    let context = Context { json: options.json, token_file: options.token_file.as_deref(), environment };
    let outcome: Result<u8, Trouble> = match command {
        AdminCommand::Mappings(command) => mappings::run(command, &context).await,
        AdminCommand::Question(question) => questions::run(question, &context).await,
    };
    outcome.unwrap_or_else(|trouble| {
        trouble.report(context.json);
        trouble.exit_code()
    })
}

/// The exit code for a command line that makes no sense, if it is one of an admin's commands.
pub(crate) fn exit_code_of_usage(arguments: impl Iterator<Item = OsString>) -> Option<u8> {
    let every = CommandLine::command();
    let is_command = |text: &OsString| every.get_subcommands().any(|command| command.get_name() == text);
    let command = arguments.into_iter().find(is_command)?;
    let own = AdminCommand::augment_subcommands(clap::Command::new("admin"));
    own.get_subcommands().any(|own| own.get_name() == command).then_some(EXIT_REFUSED_INPUT)
}
