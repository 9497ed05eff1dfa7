//! Rows to which other rows leave nothing.

use std::cmp::Reverse;

use brevet_policy::{Right, Scope, Subject};

use super::case::{Allowing, Case};
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;
use super::table::Table;
use crate::cover::{always_applies, always_denies, denying, is_in_effect};
use crate::facts::Facts;
use crate::routes::routes_cover;

/// An enforced allow row is shadowed if, for every job it could let in and as long as it is in force, a deny row applies;
/// or a more specific row of its name grants, so that this one's role is never given; or, for an API, another row opens
/// all of its routes.
pub(super) fn shadowed(case: &Case<'_>, table: &Table<'_>) -> Option<LintFinding> {
    let allowing = case.allowing().filter(|allowing| is_in_effect(&allowing.rule.when, case.now))?;
    let own = &allowing.mapping.scope;
    let facts = Facts::of(allowing.mapping);
    let own_terms = (&allowing.rule.when, &allowing.rule.right);
    let scopes = facts.certain_scopes(own);
    let others = scopes.iter().flat_map(|scope| table.that_cover(scope, &allowing.mapping.name));
    let shadow = others.filter(|other| !std::ptr::eq(*other, case)).find_map(|other| {
        let why = if denying(&other.reading).is_some_and(|rule| always_denies(rule, own_terms, &facts, case.now)) {
            "keeps every job out that this row could let in"
        } else if other.allowing().is_some_and(|other| always_grants(other, allowing, &facts, case.now)) {
            match allowing.rule.right {
                Right::Role(_) => {
                    "is more specific and grants to every job that this row could let in, so its role is never given"
                }
                Right::Routes(_) => "opens all of these routes to every job that this row could let in",
            }
        } else {
            return None;
        };
        let text = |attribute| other.row.get(attribute).and_then(serde_json::Value::as_str).unwrap_or_default();
        Some(format!("the row `{}` of `{}` {why}", text("name"), text("scope")))
    })?;
    let remedy = "delete the row, or make the other leave something to it";
    Some(case.at("name", (LintRule::Shadowed, Severity::Warning), shadow, remedy))
}

fn always_grants(other: Allowing<'_>, allowing: Allowing<'_>, facts: &Facts, now: u64) -> bool {
    let (theirs, own) = (other.rule, allowing.rule);
    let takes_over = match (&theirs.right, &own.right) {
        (Right::Role(_), Right::Role(_)) => rank(&other.mapping.scope) < rank(&allowing.mapping.scope),
        (Right::Routes(theirs), Right::Routes(own)) => routes_cover(&theirs.routes, &own.routes),
        (Right::Role(_), Right::Routes(_)) | (Right::Routes(_), Right::Role(_)) => false,
    };
    let age =
        theirs.max_token_age_seconds.is_none_or(|limit| own.max_token_age_seconds.is_some_and(|age| age <= limit));
    let label = theirs.project_path.as_deref().is_none_or(|label| facts.only_value("project_path") == Some(label));
    takes_over
        && age
        && label
        && (theirs.allow_fork_pipelines || !own.allow_fork_pipelines)
        && always_applies(&theirs.when, &own.when, facts, now)
}

/// The order of precedence: the more specific, the less.
fn rank(scope: &Scope) -> (u8, Reverse<usize>) {
    match scope.subject() {
        Subject::Project(_) => (1, Reverse(0)),
        Subject::Namespace(_) => (2, Reverse(0)),
        Subject::Group(path) => (3, Reverse(path.len())),
        Subject::Everyone => (4, Reverse(0)),
    }
}
