//! `brevet mappings lint`: the rules of `brevet-review`, with the places of files and in the formats of others.

mod code_quality;
mod located;
mod pretty;
mod sarif;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use brevet_review::{LintOptions, Severity, lint};
use clap::{Args, ValueEnum};
use serde_json::json;

use self::located::Located;
use super::colour::Colours;
use super::files::FileRows;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use super::{Context, EXIT_FOUND, clock};
use crate::output;

/// `brevet mappings lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// YAML file with role mappings, or directory with such files [default: the table]
    #[arg(long = "file", short = 'f', value_name = "DIR|FILE", conflicts_with_all = ["table", "environment", "region"])]
    pub files: Vec<PathBuf>,

    /// For people, for programs, for code scanners, or for GitLab's merge requests
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Pretty)]
    pub format: Format,

    /// End with 1 if there are findings of this severity or worse
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub fail_on: FailOn,

    /// Path of the roles that Brevet may assume
    #[arg(long, value_name = "PATH", default_value = "/brevet/")]
    pub role_path: String,

    /// Brevet's own account: there, a role outside the path is a warning and no error [default: that of the table]
    #[arg(long, value_name = "ID")]
    pub account: Option<String>,

    /// Word that marks what belongs to production in names of rows, roles and environments
    #[arg(long, value_name = "WORD", default_values_t = LintOptions::default().production)]
    pub production: Vec<String>,

    /// Which table, where no files are given.
    #[command(flatten)]
    pub table: TableOptions,
}

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Lines for people.
    Pretty,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitLab's Code Quality report.
    CodeQuality,
}

/// What is bad enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings too.
    Warning,
    /// Anything.
    Info,
    /// Nothing is.
    Never,
}

impl FailOn {
    fn includes(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity <= Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Info => severity <= Severity::Info,
            Self::Never => false,
        }
    }
}

pub(crate) async fn run(arguments: &Lint, context: &Context<'_>) -> Result<u8, Trouble> {
    let findings = if arguments.files.is_empty() {
        let table = Table::open(&arguments.table, context).await?;
        let rows: Vec<_> = table.rows().await?.iter().map(|stored| stored.row().clone()).collect();
        let account = arguments.account.clone().or_else(|| Some(table.caller.account.clone()));
        located::in_table(lint(&rows, &options(arguments, account), clock::now()))
    } else {
        let files = FileRows::read(&arguments.files)?;
        let findings = lint(&files.rows(), &options(arguments, arguments.account.clone()), clock::now());
        located::in_files(findings, &files)
    };
    let format = if context.json { Format::Json } else { arguments.format };
    output::print(&written(&findings, format, Colours::of(context)))?;
    let found = findings.iter().any(|located| arguments.fail_on.includes(located.finding.severity));
    Ok(if found { EXIT_FOUND } else { 0 })
}

fn options(arguments: &Lint, account: Option<String>) -> LintOptions {
    let production = arguments.production.iter().map(|word| word.to_lowercase()).collect();
    LintOptions { role_path: arguments.role_path.clone(), account, production }
}

fn written(findings: &[Located], format: Format, colours: Colours) -> String {
    match format {
        Format::Pretty => pretty::written(findings, colours),
        Format::Json => json!({"findings": findings}).to_string(),
        Format::Sarif => sarif::written(findings).to_string(),
        Format::CodeQuality => code_quality::written(findings).to_string(),
    }
}
