use brevet_policy::{Reading, RowName};

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Each fault of a row that cannot be read.
pub(super) fn invalid_row(case: &Case<'_>) -> Vec<LintFinding> {
    let Reading::Invalid(invalid) = &case.reading else { return Vec::new() };
    let consequence = match (invalid.denies(), invalid.row_name()) {
        (None, _) => "the row grants nothing until it can be read",
        (Some(_), RowName::One(_)) => "the row may have been meant to deny, so it keeps every job out that it could",
        (Some(_), RowName::Every) => {
            "the row may have been meant to deny, so it keeps every job out that it could, under every name"
        }
    };
    let finding = |fault: &brevet_policy::Fault| {
        let why = format!("`{}` {}; {consequence}", fault.attribute, fault.reason);
        let remedy = format!("put `{}` right, or take it out", fault.attribute);
        case.at(&fault.attribute, (LintRule::InvalidRow, Severity::Error), why, remedy)
    };
    invalid.faults.iter().map(finding).collect()
}
