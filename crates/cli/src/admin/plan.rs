//! What has to be done to the table to make it what the files say.

mod arguments;
mod diff;
mod digest;
mod saved;
mod show;
mod stage;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use brevet_mapping_store::StoredRow;
use brevet_policy::Row;
use brevet_review::{Change, LintFinding, LintOptions, lint};
use clap::Args;

pub(crate) use self::arguments::FileArguments;
pub(crate) use self::diff::Keeping;
pub(crate) use self::saved::SavedPlan;
pub(crate) use self::show::{as_json, in_words};
pub(crate) use self::stage::{Stage, opens_and_closes};
use super::colour::Colours;
use super::files::FileRows;
use super::row_key::row_key;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use super::{Context, EXIT_FOUND, clock};
use crate::output;

/// `brevet mappings plan`.
#[derive(Debug, Args)]
pub struct PlanArguments {
    /// What the table is to be.
    #[command(flatten)]
    pub files: FileArguments,

    /// Write the plan to a file, for `apply --plan`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// End with 1 if there is something to change
    #[arg(long)]
    pub exit_code: bool,

    /// Which table.
    #[command(flatten)]
    pub table: TableOptions,
}

/// Everything there is to do, in the order in which it is safe.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Rows that are already as the files say.
    pub(crate) unchanged: usize,
    /// Rows that nobody but people keep.
    pub(crate) by_hand: usize,
    /// Rows that another tool keeps.
    pub(crate) by_others: usize,
    /// What is to be said against the rows that change.
    pub(crate) findings: Vec<LintFinding>,
}

/// One row to be written or deleted.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) stage: Stage,
    /// The row was kept by hand so far.
    pub(crate) adopts: bool,
    pub(crate) change: Change,
    pub(crate) old: Option<StoredRow>,
    /// As the files have it.
    pub(crate) new: Option<Row>,
}

impl Plan {
    /// Compares files and table.
    pub(crate) fn make(
        files: &FileRows,
        stored: Vec<StoredRow>,
        keeping: &Keeping,
        options: &LintOptions,
        now: u64,
    ) -> Result<Self, Trouble> {
        let diff::Diff { mut steps, unchanged, by_hand, by_others, staying } = diff::diff(files, stored, keeping)?;
        steps.sort_by(|one, other| {
            let by_stage = one.stage.rank().cmp(&other.stage.rank());
            let by_scope = || one.stage.order(&one.change.scope, &other.change.scope);
            by_stage.then_with(by_scope).then_with(|| one.change.name.cmp(&other.change.name))
        });
        let mut rows: Vec<Row> = steps.iter().filter_map(|step| step.new.clone()).collect();
        let changed = rows.len();
        rows.extend(staying);
        let changing: HashSet<(String, String)> = rows.iter().take(changed).map(row_key).collect();
        let is_changing = |finding: &LintFinding| changing.contains(&(finding.scope.clone(), finding.name.clone()));
        let findings = lint(&rows, options, now).into_iter().filter(is_changing).collect();
        Ok(Self { steps, unchanged, by_hand, by_others, findings })
    }

    pub(crate) fn deletes(&self) -> usize {
        self.steps.iter().filter(|step| step.new.is_none()).count()
    }
}

/// Plans against the table as it is now. The files are read once, by the caller: a pipe has nothing to say the second
/// time, and a file may say something else.
pub(crate) async fn plan(files: &FileRows, keeping: &Keeping, table: &Table) -> Result<Plan, Trouble> {
    let options = LintOptions { account: Some(table.caller.account.clone()), ..LintOptions::default() };
    Plan::make(files, table.rows().await?, keeping, &options, clock::now())
}

pub(crate) async fn run(arguments: &PlanArguments, context: &Context<'_>) -> Result<u8, Trouble> {
    // Files first: what is wrong with them can be told without a table.
    let files = FileRows::read_valid(&arguments.files.files)?;
    let table = Table::open(&arguments.table, context).await?;
    let plan = plan(&files, &arguments.files.keeping(), &table).await?;
    if let Some(path) = &arguments.out {
        let text = SavedPlan::of(&plan, &arguments.files.managed_by, &table.label).to_json();
        fs::write(path, text).map_err(|fault| {
            Trouble::refused("plan_unwritable", format!("`{}` cannot be written: {fault}", path.display()))
        })?;
    }
    if context.json {
        output::print(&as_json(&plan, &table.label).to_string())?;
    } else {
        output::print(&in_words(&plan, &table.label, Colours::of(context)))?;
    }
    Ok(if arguments.exit_code && !plan.steps.is_empty() { EXIT_FOUND } else { 0 })
}
