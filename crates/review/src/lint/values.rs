//! Conditions that no job can meet.

use brevet_identity::{ClaimName, KnownValues, NumericId};
use brevet_policy::Pattern;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;
use crate::facts::Facts;
use crate::patterns::is_literal;

/// Values no job has, beside others that one can have.
pub(super) fn impossible_value(case: &Case<'_>) -> Vec<LintFinding> {
    let judge = |claim: ClaimName, patterns: &[Pattern]| {
        let impossible: Vec<&Pattern> = patterns.iter().filter(|pattern| is_impossible(claim, pattern)).collect();
        if impossible.len() == patterns.len() { Vec::new() } else { impossible.into_iter().cloned().collect() }
    };
    of_conditions(case, judge, |claim, pattern| {
        let why = format!("`{pattern}` is no value of `{claim}`{}, so it does nothing", possible(claim));
        let finding = (LintRule::ImpossibleValue, Severity::Warning);
        case.at(&format!("conditions.{claim}"), finding, why, "put the value right, or take it out")
    })
}

/// Values that no GitLab known so far gives: a later one may.
pub(super) fn unknown_value(case: &Case<'_>) -> Vec<LintFinding> {
    let judge = |claim: ClaimName, patterns: &[Pattern]| {
        let KnownValues::SoFar(known) = claim.known_values() else { return Vec::new() };
        patterns.iter().filter(|pattern| !known.iter().any(|value| pattern.matches(value))).cloned().collect()
    };
    of_conditions(case, judge, |claim, pattern| {
        let why = format!("`{pattern}` is no value of `{claim}` that GitLab is known to give{}", possible(claim));
        let finding = (LintRule::UnknownValue, Severity::Warning);
        case.at(&format!("conditions.{claim}"), finding, why, "check the spelling")
    })
}

/// Conditions that cannot be met, or contradict the row's scope, its label or each other. A deny row that keeps nobody
/// out is an error: somebody relies on it.
pub(super) fn never_matches(case: &Case<'_>) -> Vec<LintFinding> {
    let (Some(mapping), Some(when)) = (case.mapping(), case.when()) else { return Vec::new() };
    let impossible =
        when.conditions.iter().find(|(claim, patterns)| patterns.iter().all(|pattern| is_impossible(*claim, pattern)));
    let why = if let Some((claim, _)) = impossible {
        format!("no job has a `{claim}` like that{}", possible(claim))
    } else if let Some(claim) = Facts::of(mapping).contradiction() {
        format!("what the row says of `{claim}` contradicts itself: its scope, label and conditions cannot all be met")
    } else {
        return Vec::new();
    };
    let (finding, consequence) = if case.is_deny() {
        ((LintRule::DenyNeverMatches, Severity::Error), "the deny row keeps nobody out")
    } else {
        ((LintRule::NeverMatches, Severity::Warning), "the row lets nobody in")
    };
    let attribute = impossible.map_or("conditions".to_owned(), |(claim, _)| format!("conditions.{claim}"));
    vec![case.at(
        &attribute,
        finding,
        format!("{why}, so {consequence}"),
        "put the conditions right, or delete the row",
    )]
}

fn of_conditions(
    case: &Case<'_>,
    judge: impl Fn(ClaimName, &[Pattern]) -> Vec<Pattern>,
    finding: impl Fn(ClaimName, &Pattern) -> LintFinding,
) -> Vec<LintFinding> {
    let Some(when) = case.when() else { return Vec::new() };
    let found = when
        .conditions
        .iter()
        .flat_map(|(claim, patterns)| judge(claim, patterns).into_iter().map(move |pattern| (claim, pattern)));
    found.map(|(claim, pattern)| finding(claim, &pattern)).collect()
}

/// Whether no job can ever have such a value.
fn is_impossible(claim: ClaimName, pattern: &Pattern) -> bool {
    match claim.known_values() {
        KnownValues::Exactly(values) => !values.iter().any(|value| pattern.matches(value)),
        KnownValues::Id if is_literal(pattern) => NumericId::parse(pattern.as_str()).is_none(),
        KnownValues::Id => !pattern.as_str().bytes().all(|byte| byte == b'*' || byte.is_ascii_digit()),
        KnownValues::SoFar(_) | KnownValues::Free => false,
    }
}

fn possible(claim: ClaimName) -> String {
    match claim.known_values() {
        KnownValues::Exactly(values) | KnownValues::SoFar(values) => format!(" (`{}`)", values.join("`, `")),
        KnownValues::Id => " (a decimal id)".to_owned(),
        KnownValues::Free => String::new(),
    }
}
