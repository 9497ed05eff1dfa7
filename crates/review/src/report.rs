//! What the rows and what became of them say about the rows.

mod observed;
mod rows;

#[cfg(test)]
mod tests;

use brevet_policy::Row;

pub use self::observed::Observations;
pub use self::rows::{DueRow, ReportModeRow, RowNote};
use crate::recorded::{RecordedProject, RowKey};

/// For the people who look after the table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// When the first and the last decision was made that the report rests on, in seconds since the epoch.
    pub period: Option<(u64, u64)>,
    /// How many decisions it rests on, repeats among them.
    pub decisions: u64,
    /// Rows in force that no decision used: nothing can be said of rows that are younger than the period.
    pub unused: Vec<RowNote>,
    /// Rows that have expired or do so within 14 days, the earliest first.
    pub expiring: Vec<DueRow>,
    /// Rows whose review is overdue or due within 14 days, the earliest first.
    pub review_due: Vec<DueRow>,
    /// Rows in report mode, and what they would have done.
    pub report_mode: Vec<ReportModeRow>,
    /// Deny rows in force: freezes among them.
    pub closed: Vec<RowNote>,
    /// Rows in force that end by themselves: break-glass among them, the earliest end first.
    pub temporary: Vec<DueRow>,
    /// Rows that cannot be read.
    pub invalid: Vec<RowNote>,
    /// Projects that came with another path than a row was made for, the most frequent first.
    pub renamed: Vec<Renamed>,
    /// Refusals, the most frequent first; repeats within a minute are not counted.
    pub top_refusals: Vec<Refusal>,
    /// Refusals and renamed projects that there was no room to tell apart.
    pub further: u64,
}

/// A project that was renamed or transferred, or whose path was registered again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Renamed {
    /// The row that was made for another path.
    #[serde(flatten)]
    pub row: RowKey,
    /// The project, with the path it has.
    pub project: RecordedProject,
    /// How often.
    pub count: u64,
    /// When last, in seconds since the epoch.
    pub last: u64,
}

/// One kind of refusal of one project.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Refusal {
    /// The code the job got.
    pub code: String,
    /// What it asked for.
    pub asked: String,
    /// Whose job it was; nothing if its token was refused.
    pub project: Option<RecordedProject>,
    /// How often.
    pub count: u64,
    /// When last, in seconds since the epoch.
    pub last: u64,
}

/// The most entries of a list that a log makes, and not the table.
const LONGEST_LIST: usize = 50;

/// Puts rows and what was observed of them together.
pub fn report(rows: &[Row], observed: Observations, now: u64) -> Report {
    let review = rows::Review::of(rows, &observed, now);
    let (period, decisions, further) = (observed.period(), observed.decisions(), observed.uncounted());
    let lists = observed.into_lists();
    let renamed = lists.renamed.into_iter().take(LONGEST_LIST).map(|((row, project), tallied)| Renamed {
        row,
        project,
        count: tallied.count,
        last: tallied.last,
    });
    let refusals = lists.refusals.into_iter().take(LONGEST_LIST).map(|(refused, tallied)| Refusal {
        code: refused.code,
        asked: refused.asked,
        project: refused.project,
        count: tallied.count,
        last: tallied.last,
    });
    Report {
        period,
        decisions,
        unused: review.unused,
        expiring: review.expiring,
        review_due: review.review_due,
        report_mode: review.report_mode,
        closed: review.closed,
        temporary: review.temporary,
        invalid: review.invalid,
        renamed: renamed.collect(),
        top_refusals: refusals.collect(),
        further,
    }
}
