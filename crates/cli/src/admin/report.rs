//! `brevet report`: what there is to look after in the table.

mod sheet;

use brevet_policy::Row;
use brevet_review::{Observations, RecordedDecision, report};
use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::clock::now;
use super::colour::Colours;
use super::decisions::{DecisionOptions, Extent, Sink};
use super::freeze;
use super::moment::shown;
use super::source::RowSource;
use super::trouble::Trouble;
use crate::output;

/// How far back, if nothing is said.
const MONTH: u64 = 30 * 86_400;

/// `brevet report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// Leave decisions out: what is due, closed, temporary and unreadable is told from the rows alone
    #[arg(long, conflicts_with_all = ["log_groups", "audit_file", "since"])]
    pub rows_only: bool,

    /// Where the decisions are.
    #[command(flatten)]
    pub decisions: DecisionOptions,

    /// Where the rows are.
    #[command(flatten)]
    pub rows: RowSource,
}

pub(super) async fn run(arguments: &ReportArguments, context: &Context<'_>) -> Result<u8, Trouble> {
    let rows = arguments.rows.rows(context).await?;
    let mut seen = Seen(Observations::default());
    let region = arguments.rows.table.region.as_deref();
    let extent = if arguments.rows_only {
        None
    } else {
        Some(arguments.decisions.read(MONTH, region, context, &mut seen).await?)
    };
    let at = now();
    let (freezes, found) = (freezes(&rows), report(&rows, seen.0, at));
    if context.json {
        let decisions = extent.as_ref().map(Extent::as_json);
        let told = json!({"at": shown(at), "decisions": decisions, "freezes": freezes, "report": found});
        output::print(&told.to_string())?;
    } else {
        output::print(&sheet::of(&found, &freezes, extent.as_ref(), Colours::of(context)))?;
    }
    Ok(0)
}

/// Rows that `brevet freeze` wrote, in force or not: one that has ended is to be taken away.
fn freezes(rows: &[Row]) -> Vec<Value> {
    let members = ["scope", "description", "expires_at", "updated_by"];
    let of = |row: &&Row| -> Value {
        members.into_iter().filter_map(|name| Some((name.to_owned(), row.get(name)?.clone()))).collect()
    };
    rows.iter().filter(|row| freeze::is_freeze(row)).collect::<Vec<_>>().iter().map(of).collect()
}

struct Seen(Observations);

impl Sink for Seen {
    fn take(&mut self, decision: RecordedDecision) {
        self.0.add(&decision);
    }
}
