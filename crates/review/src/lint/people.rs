//! Who answers for a row, and when they look at it again.

use brevet_policy::review_by;
use serde_json::Value;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::lifetime::SOON;
use super::rule::LintRule;
use crate::words::count;

/// Nobody can be asked whether the row is still needed.
pub(super) fn no_owner(case: &Case<'_>) -> Vec<LintFinding> {
    let owned = case.row.get("owner").and_then(Value::as_str).is_some_and(|owner| !owner.trim().is_empty());
    if owned || case.mapping().is_none() {
        return Vec::new();
    }
    let why = "the row has no `owner`: nobody can be asked whether it is still needed";
    vec![case.at("owner", (LintRule::NoOwner, Severity::Warning), why, "name a team, not a person")]
}

/// Rows are reviewed, and their roles rotated, every quarter.
pub(super) fn review(case: &Case<'_>) -> Vec<LintFinding> {
    if case.mapping().is_none() {
        return Vec::new();
    }
    let remedy = "ask the owner whether the row is still needed as it is, rotate the role, and set `review_by` to the next quarter";
    let (rule, severity, why) = match review_by(case.row) {
        None => (
            LintRule::NoReviewDate,
            Severity::Info,
            "the row has no `review_by`, and would never be looked at again".to_owned(),
        ),
        Some(due) if due <= case.now => {
            let days = count((case.now - due) / 86_400, "day");
            (LintRule::ReviewOverdue, Severity::Warning, format!("the review of the row is overdue by {days}"))
        }
        Some(due) if due - case.now <= SOON => {
            let days = count((due - case.now).div_ceil(86_400), "day");
            (LintRule::ReviewSoon, Severity::Info, format!("the row is to be reviewed within {days}"))
        }
        Some(_) => return Vec::new(),
    };
    vec![case.at("review_by", (rule, severity), why, remedy)]
}
