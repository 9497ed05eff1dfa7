//! `brevet report`: what there is to look after in the table.

mod sheet;

use brevet_policy::Row;
use brevet_review::{Asked, Observations, RecordedDecision, RowKey, report};
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
    let mut seen = Seen::default();
    let region = arguments.rows.table.region.as_deref();
    let extent = if arguments.rows_only {
        None
    } else {
        Some(arguments.decisions.read(MONTH, region, context, &mut seen).await?)
    };
    let at = now();
    let freezes = freezes(&rows);
    let not_judged = seen.not_judged();
    let mut found = report(&rows, seen.observations, at);
    found.unused.retain(|note| !not_judged.iter().any(|kind| kind.has(&note.row)));
    if context.json {
        let decisions = extent.as_ref().map(Extent::as_json);
        let told = json!({"at": shown(at), "decisions": decisions, "freezes": freezes, "report": found, "not_judged": not_judged});
        output::print(&told.to_string())?;
    } else {
        output::print(&sheet::of(&found, &freezes, &not_judged, extent.as_ref(), Colours::of(context)))?;
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

/// What rows give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// A role, by the credentials function.
    Roles,
    /// Routes of an API, by an authorizer.
    Routes,
}

impl Kind {
    fn has(self, row: &RowKey) -> bool {
        row.name.starts_with("api.") == (self == Self::Routes)
    }
}

#[derive(Default)]
struct Seen {
    observations: Observations,
    roles: bool,
    routes: bool,
}

impl Seen {
    /// Each function has a log of its own: where nothing was read of one, its rows are not to be called unused.
    fn not_judged(&self) -> Vec<Kind> {
        let judged = [(Kind::Roles, self.roles), (Kind::Routes, self.routes)];
        judged.into_iter().filter(|(_, seen)| !seen).map(|(kind, _)| kind).collect()
    }
}

impl Sink for Seen {
    fn take(&mut self, decision: RecordedDecision) {
        self.roles |= matches!(decision.asked, Asked::Role(_));
        self.routes |= matches!(decision.asked, Asked::Route { .. });
        self.observations.add(&decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(functions: &[&str]) -> Vec<Kind> {
        let mut seen = Seen::default();
        for function in functions {
            let line = json!({"kind": "audit", "time": "2026-11-22T00:00:00Z", "function": function, "request_id": "r",
                "code": "no_mapping", "asked_for": if *function == "authorizer" { "GET /x" } else { "deploy" }});
            seen.take(RecordedDecision::parse(&line.to_string()).unwrap());
        }
        seen.not_judged()
    }

    #[test]
    fn calls_no_row_unused_whose_function_was_not_heard() {
        assert_eq!(seen(&[]), [Kind::Roles, Kind::Routes]);
        assert_eq!(seen(&["credentials"]), [Kind::Routes]);
        assert_eq!(seen(&["authorizer"]), [Kind::Roles]);
        assert_eq!(seen(&["authorizer", "credentials"]), []);
        let row = |name: &str| RowKey { scope: "gitlab.example.com".to_owned(), name: name.to_owned() };
        assert!(
            Kind::Routes.has(&row("api.x")) && !Kind::Routes.has(&row("deploy")) && Kind::Roles.has(&row("deploy"))
        );
    }
}
