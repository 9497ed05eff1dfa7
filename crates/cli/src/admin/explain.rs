//! `brevet explain`: what the rows say to one job, and why; by the code that the functions decide with.

mod account;
mod considered;
mod session;
mod sheet;
mod subject;
mod verdict;
mod verification;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use brevet_policy::MappingName;
use clap::Args;

use self::account::Account;
use self::subject::Subject;
use super::Context;
use super::clock::now;
use super::colour::Colours;
use super::files::FileRows;
use super::moment::moment;
use super::source::{RowSource, with_proposed};
use super::trouble::Trouble;
use crate::command_line::role;
use crate::output;

/// `brevet explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The job, by its claims: a file with one JSON object, `-` for standard input
    #[arg(long, value_name = "FILE", group = "who")]
    pub claims: Option<PathBuf>,

    /// The job, by an audit line of Brevet's log, which also tells what was asked for and when: a file, `-` for standard
    /// input
    #[arg(long, value_name = "FILE", group = "who")]
    pub audit_line: Option<PathBuf>,

    /// The job, by its token in the variable NAME [default: the token that `brevet` finds in a job]
    #[arg(long, value_name = "NAME", group = "who")]
    pub token_env: Option<String>,

    /// Verify the token, too, by the issuers in FILE: the JSON of TRUSTED_ISSUERS, the stack's output `Issuers`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["claims", "audit_line"])]
    pub issuers: Option<PathBuf>,

    /// The name the job asks for; `api.NAME` for the routes of an API
    #[arg(long, value_name = "NAME", value_parser = role)]
    pub role: Option<MappingName>,

    /// Decide as if it were this time [default: now, or when the audit line was written]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<u64>,

    /// Proposed rows: they take the place of rows with the same key
    #[arg(long, value_name = "PATH")]
    pub with: Vec<PathBuf>,

    /// Where the rows are.
    #[command(flatten)]
    pub rows: RowSource,
}

pub(super) async fn run(arguments: &Explain, context: &Context<'_>) -> Result<u8, Trouble> {
    let subject = Subject::find(arguments, context).await?;
    let asked = arguments.role.clone().or_else(|| subject.asked.clone()).ok_or_else(|| {
        Trouble::refused("role_missing", "nothing says what the job asks for").with_help("give --role NAME")
    })?;
    let proposed = if arguments.with.is_empty() { Vec::new() } else { FileRows::read_valid(&arguments.with)?.rows() };
    let rows = with_proposed(arguments.rows.rows(context).await?, &proposed);
    let at = arguments.at.or(subject.recorded_at).unwrap_or_else(now);
    let account = Account::of(&subject, &asked, &rows, &proposed, at);
    let told = if context.json { account.as_json() } else { sheet::of(&account, Colours::of(context)) };
    output::print(&told)?;
    Ok(0)
}
