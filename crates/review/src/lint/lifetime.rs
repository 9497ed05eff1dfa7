//! Whether a row has consequences now, and for how long.

use brevet_policy::Mode;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;
use crate::words::count;

/// What is due within this many seconds is told of.
pub(super) const SOON: u64 = 14 * 86_400;

/// A row whose time is over, or nearly. That a deny row ends is a warning: it lets in again whom it kept out.
pub(super) fn expiry(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(end) = case.when().and_then(|when| when.expires_at) else { return Vec::new() };
    let finding =
        |rule, severity, why: String, remedy: &str| vec![case.at("expires_at", (rule, severity), why, remedy)];
    if end <= case.now {
        let days = count((case.now - end) / 86_400, "day");
        let why = format!("the row expired {days} ago and does nothing any more");
        return finding(LintRule::Expired, Severity::Warning, why, "delete the row, or give it a later `expires_at`");
    }
    let left = end - case.now;
    if left > SOON {
        return Vec::new();
    }
    let days = count(left.div_ceil(86_400), "day");
    let (severity, who) = if case.is_deny() {
        (Severity::Warning, "whom it keeps out gets in again")
    } else {
        (Severity::Info, "whom it lets in is refused")
    };
    let why = format!("the row expires within {days}; after that {who}");
    finding(LintRule::ExpiresSoon, severity, why, "let it go, or give it a later `expires_at`")
}

/// A row whose time is yet to come.
pub(super) fn not_yet_in_force(case: &Case<'_>) -> Vec<LintFinding> {
    let start = case.when().and_then(|when| when.not_before).filter(|start| *start > case.now);
    let finding = |start: u64| {
        let why = format!("the row comes into force in {}", count((start - case.now).div_ceil(86_400), "day"));
        let remedy = "nothing, if that is what is meant";
        case.at("not_before", (LintRule::NotYetInForce, Severity::Info), why, remedy)
    };
    start.map(finding).into_iter().collect()
}

/// A row that is switched off, or only logs.
pub(super) fn without_effect(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(when) = case.when() else { return Vec::new() };
    let mut findings = Vec::new();
    if !when.enabled {
        let why = "`enabled` is false: the row does nothing, and does again as soon as somebody flips it";
        let remedy = "delete the row if nobody is going to need it";
        findings.push(case.at("enabled", (LintRule::Disabled, Severity::Info), why, remedy));
    }
    if when.mode == Mode::Report {
        let why = "`mode` is `report`: the row is evaluated and logged, and neither lets in nor keeps out";
        let remedy = "look at what it would have done, then set `mode` to `enforce` or delete the row";
        findings.push(case.at("mode", (LintRule::ReportMode, Severity::Info), why, remedy));
    }
    findings
}
