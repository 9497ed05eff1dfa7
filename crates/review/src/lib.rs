//! What people need to judge role mappings, before and after jobs meet them.
//!
//! Pure: no I/O, no clock, no AWS. The time is always a parameter, in seconds since the epoch; rows are JSON objects
//! ([`brevet_policy::Row`]) and are read by [`brevet_policy::read`] alone, so what is said here is what the functions do.
//!
//! * [`lint`] and [`lint_row`]: what is dangerous, dead or overdue in rows, as [`LintFinding`]s with a stable
//!   [`LintRule`] each.
//! * [`compare`]: what a [`Change`] of a row means for who may get in: it widens, narrows, moves, or is neutral.
//! * [`who_can`] and [`roles_of`]: which projects, refs, environments and people rows lead to a role, and the other way
//!   round, as a [`Reach`] a row.
//! * [`RecordedDecision::parse`]: an audit line of the functions; [`what_if`] decides about it again over other rows, into
//!   a [`Replay`], and [`Observations`] with [`report`] say what the lines tell about the rows, in bounded memory.

mod change;
mod cover;
mod facts;
mod index;
mod lint;
mod patterns;
mod reach;
mod recorded;
mod replay;
mod report;
mod routes;
mod tally;
mod words;

#[cfg(test)]
mod test_support;

pub use change::{Action, AttributeChange, Change, Meaning, compare};
pub use lint::{LintFinding, LintOptions, LintRule, Severity, lint, lint_row};
pub use reach::{Cut, Project, Reach, Standing, Target, Terms, roles_of, who_can};
pub use recorded::{Asked, NotRecorded, RecordedDecision, RecordedFinding, RecordedProject, RowKey};
pub use replay::{Baseline, Replay, ReplayEffect, Totals, Verdict, what_if};
pub use report::{DueRow, Observations, Refusal, Renamed, Report, ReportModeRow, RowNote, report};
