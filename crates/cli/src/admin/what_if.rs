//! `brevet what-if`: what proposed rows would have said to the jobs that came.

mod sheet;

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use brevet_policy::Row;
use brevet_review::{Baseline, RecordedDecision, Replay, what_if};
use clap::Args;
use serde_json::json;

use super::clock::now;
use super::colour::Colours;
use super::decisions::{DecisionOptions, Extent, Sink};
use super::files::FileRows;
use super::source::same_key;
use super::stamp::keeper;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use super::{Context, EXIT_FOUND};
use crate::output;

/// How far back, if nothing is said.
const WEEK: u64 = 7 * 86_400;

/// Decisions on their way from the log to the replay: so many may wait.
const WAITING: usize = 1_000;

/// `brevet what-if`.
#[derive(Debug, Args)]
pub struct WhatIf {
    /// The proposed rows: a file, or a directory with all YAML files below it
    #[arg(long, value_name = "PATH", required = true)]
    pub proposed: Vec<PathBuf>,

    /// Take the proposed rows for the whole table, and hold them against what was decided then; no table is read
    #[arg(long, conflicts_with = "table")]
    pub alone: bool,

    /// Who keeps the proposed rows, as for `brevet mappings apply`: rows of others stay
    #[arg(long, value_name = "NAME", default_value = "brevet")]
    pub managed_by: String,

    /// End with 1 if somebody would gain, lose or get another role
    #[arg(long)]
    pub exit_code: bool,

    /// Where the decisions are.
    #[command(flatten)]
    pub decisions: DecisionOptions,

    /// Where the rows are.
    #[command(flatten)]
    pub table: TableOptions,
}

/// What is held against what.
struct Sides {
    current: Option<Vec<Row>>,
    proposed: Vec<Row>,
}

pub(super) async fn run(arguments: &WhatIf, context: &Context<'_>) -> Result<u8, Trouble> {
    let files = FileRows::read_valid(&arguments.proposed)?.rows();
    let sides = if arguments.alone {
        Sides { current: None, proposed: files }
    } else {
        let table = Table::open(&arguments.table, context).await?;
        let current: Vec<Row> = table.rows().await?.iter().map(|stored| stored.row().clone()).collect();
        let proposed = after_apply(&current, &files, &arguments.managed_by);
        Sides { current: Some(current), proposed }
    };
    let (replay, extent) = replay(sides, arguments, context).await?;
    if context.json {
        output::print(&json!({"decisions": extent.as_json(), "replay": replay}).to_string())?;
    } else {
        output::print(&sheet::of(&replay, &extent, !arguments.alone, Colours::of(context)))?;
    }
    let totals = &replay.totals;
    let changes = totals.gains + totals.loses + totals.moves > 0;
    Ok(if arguments.exit_code && changes { EXIT_FOUND } else { 0 })
}

/// The table as `brevet mappings apply --adopt` would leave it: rows of others stay, ours that are not in the files go.
fn after_apply(current: &[Row], files: &[Row], managed_by: &str) -> Vec<Row> {
    let stays = |row: &&Row| keeper(row) != Some(managed_by) && !files.iter().any(|file| same_key(file, row));
    current.iter().filter(stays).chain(files).cloned().collect()
}

/// Decides again beside the reading, so that a log of any length takes no more memory.
async fn replay(sides: Sides, arguments: &WhatIf, context: &Context<'_>) -> Result<(Replay, Extent), Trouble> {
    let (sender, receiver) = sync_channel::<RecordedDecision>(WAITING);
    let at = now();
    let judge = thread::spawn(move || {
        let baseline = sides.current.as_deref().map_or(Baseline::Recorded, Baseline::Rows);
        what_if(receiver, baseline, &sides.proposed, at)
    });
    let mut queue = Queue(sender);
    let extent = arguments.decisions.read(WEEK, arguments.table.region.as_deref(), context, &mut queue).await;
    drop(queue);
    let failed = |_| Trouble::cannot_tell("replay_failed", "the decisions could not be replayed");
    let replay = judge.join().map_err(failed)?;
    Ok((replay, extent?))
}

struct Queue(SyncSender<RecordedDecision>);

impl Sink for Queue {
    fn take(&mut self, decision: RecordedDecision) {
        // The judge ends before the queue does only if it has failed, which is told when it is joined.
        let _ = self.0.send(decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, managed_by: Option<&str>) -> Row {
        let mut row = json!({"scope": "gitlab.example.com", "name": name}).as_object().unwrap().clone();
        row.extend(managed_by.map(|keeper| ("managed_by".to_owned(), json!(keeper))));
        row
    }

    #[test]
    fn keeps_the_rows_of_others_and_drops_ours_that_are_not_in_the_files() {
        let current = [
            row("ours", Some("brevet")),
            row("gone", Some("brevet")),
            row("hand", None),
            row("*", Some("brevet-freeze")),
        ];
        let after = after_apply(&current, &[row("ours", None), row("new", None)], "brevet");
        let names: Vec<&str> = after.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["hand", "*", "ours", "new"]);
    }
}
