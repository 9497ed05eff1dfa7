//! Makes the table what the files say, row by row, and tells how far it came.

mod confirm;
mod outcome;
mod write;

#[cfg(test)]
pub(super) mod tests;

use std::path::PathBuf;

use brevet_mapping_store::{EditError, TableEditor};
use clap::Args;
use serde_json::json;

use self::outcome::Outcome;
use self::write::Write;
pub(super) use self::write::writes;
use super::Context;
use super::colour::Colours;
use super::files::FileRows;
use super::patience::patiently;
use super::plan::{self, FileArguments, SavedPlan};
use super::progress::Progress;
use super::stamp::Stamp;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use crate::output;

/// `brevet mappings apply`.
#[derive(Debug, Args)]
pub struct Apply {
    /// What the table is to be.
    #[command(flatten)]
    pub files: FileArguments,

    /// Do only what this plan says, made by `plan --out` from the same files
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,

    /// Delete up to so many rows; more are refused
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub allow_deletes: usize,

    /// Do not ask
    #[arg(long)]
    pub yes: bool,

    /// Who changes the rows, written into each [default: the ARN of the AWS credentials]
    #[arg(long, value_name = "WHO")]
    pub updated_by: Option<String>,

    /// Why: a merge request or commit, written into each row [default: CI_MERGE_REQUEST_IID as `!N`, then CI_COMMIT_SHA]
    #[arg(long, value_name = "REFERENCE")]
    pub change_ref: Option<String>,

    /// Which table.
    #[command(flatten)]
    pub table: TableOptions,
}

pub(crate) async fn run(arguments: &Apply, context: &Context<'_>) -> Result<u8, Trouble> {
    let files = FileRows::read_valid(&arguments.files.files)?;
    let saved = arguments.plan.as_deref().map(SavedPlan::read).transpose()?;
    let table = Table::open(&arguments.table, context).await?;
    let plan = plan::plan(&files, &arguments.files.keeping(), &table).await?;
    if let Some(saved) = saved {
        saved.admits(&plan, &files, &arguments.files.managed_by, &table.label)?;
    }
    if !context.json {
        output::print(&plan::in_words(&plan, &table.label, Colours::of(context)))?;
    }
    if plan.deletes() > arguments.allow_deletes {
        let message = format!(
            "{} rows would be deleted, and at most {} may be; nothing was done",
            plan.deletes(),
            arguments.allow_deletes
        );
        let help = format!("if that is what you mean: --allow-deletes {}", plan.deletes());
        return Err(Trouble::refused("too_many_deletes", message).with_help(help));
    }
    if !plan.steps.is_empty() && !arguments.yes {
        confirm::ask(plan.steps.len())?;
    }
    let shown = plan::as_json(&plan, &table.label);
    let writes = writes(plan.steps, &stamp(arguments, &table, context));
    let outcome = execute(table.editor(), writes).await;
    if context.json {
        output::print(&json!({"plan": shown, "applied": outcome.applied, "pending": outcome.pending}).to_string())?;
    }
    outcome.conclude(&table.label, context.json)
}

/// One write after another: each stage is safe only after the one before it.
async fn execute(editor: &TableEditor, writes: Vec<Write>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut progress = Progress::new("wrote rows:", writes.len());
    let mut writes = writes.into_iter();
    for write in writes.by_ref() {
        match patiently(async || write.execute(editor).await).await {
            Ok(()) => outcome.applied.push(write.key),
            Err(fault) => {
                outcome.fault = Some((write.key.clone(), fault));
                outcome.pending.push(write.key);
                break;
            }
        }
        progress.step(1);
    }
    outcome.pending.extend(writes.map(|write| write.key));
    outcome
}

impl Write {
    async fn execute(&self, editor: &TableEditor) -> Result<(), EditError> {
        match (&self.old, &self.new) {
            (None, Some(new)) => editor.create(new).await,
            (Some(old), Some(new)) => editor.replace(old, new).await,
            (Some(old), None) => editor.delete(old).await,
            (None, None) => Ok(()),
        }
    }
}

fn stamp(arguments: &Apply, table: &Table, context: &Context<'_>) -> Stamp {
    let merge_request = || context.environment.text("CI_MERGE_REQUEST_IID").map(|iid| format!("!{iid}"));
    let commit = || context.environment.text("CI_COMMIT_SHA").map(str::to_owned);
    Stamp {
        managed_by: arguments.files.managed_by.clone(),
        updated_by: arguments.updated_by.clone().unwrap_or_else(|| table.caller.arn.clone()),
        change_ref: arguments.change_ref.clone().or_else(merge_request).or_else(commit),
    }
}
