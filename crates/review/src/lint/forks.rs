use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Code that was never reviewed may use the row.
pub(super) fn fork_pipelines(case: &Case<'_>) -> Vec<LintFinding> {
    if !case.allowing().is_some_and(|allowing| allowing.rule.allow_fork_pipelines) {
        return Vec::new();
    }
    let why = "`allow_fork_pipelines` is set: a merge request from a fork runs the fork's code with this row";
    let remedy = "take `allow_fork_pipelines` out, or keep what the row gives to what strangers may see";
    vec![case.at("allow_fork_pipelines", (LintRule::ForkPipelines, Severity::Warning), why, remedy)]
}
