//! Whether a row rests on something that keeps job authors out.

use brevet_identity::ClaimName;

use super::case::{Allowing, Case};
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// What tells which project it is and, because anyone who pushes a branch can choose between the two, `ref_type`: none
/// keeps anybody of the project out.
const SAY_NOTHING_OF_WHO: [&str; 8] =
    ["iss", "aud", "namespace_id", "namespace_path", "project_id", "project_path", "project_visibility", "ref_type"];

/// A row that asks for no protection: an error if nothing keeps anybody of the project out or it belongs to production,
/// else a warning,
/// because a read-only role for merge requests is one too.
pub(super) fn unprotected_ref(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(allowing) = case.allowing().filter(|allowing| !is_protected(*allowing)) else { return Vec::new() };
    let open = telling(allowing).is_empty();
    let severity = if open || case.is_production(allowing) { Severity::Error } else { Severity::Warning };
    let why = if open {
        "`allow_unprotected` is set and no condition keeps anybody of these projects out: whoever can push any branch \
         gets it"
    } else {
        "`allow_unprotected` is set: whoever can push a branch that meets the conditions gets it, with any job they like"
    };
    let remedy = "require `ref_protected` or `environment_protected` as `true` and take `allow_unprotected` out, or keep \
                  what the row gives to reading";
    vec![case.at("allow_unprotected", (LintRule::UnprotectedRef, severity), why, remedy)]
}

/// Conditions which a job author can meet at will.
pub(super) fn author_chosen(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(allowing) = case.allowing().filter(|allowing| !is_protected(*allowing)) else { return Vec::new() };
    let claims = telling(allowing);
    if claims.is_empty() || !claims.iter().all(|claim| claim.is_chosen_by_author()) {
        return Vec::new();
    }
    let names: Vec<String> = claims.iter().map(|claim| format!("`{claim}`")).collect();
    let why = format!(
        "the row rests on {} alone, which whoever can push a branch or rename themselves chooses",
        names.join(", ")
    );
    let remedy = "require `ref_protected` or `environment_protected` as `true`: GitLab decides on those";
    vec![case.at("conditions", (LintRule::AuthorChosen, Severity::Error), why, remedy)]
}

/// `ref: main` is met by a tag `main` as well, and tags have other protection rules than branches.
pub(super) fn missing_ref_type(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(allowing) = case.allowing() else { return Vec::new() };
    let by_path = allowing.condition("ref_path").is_some_and(|patterns| {
        let tells = |text: &str| text.starts_with("refs/heads/") || text.starts_with("refs/tags/");
        patterns.iter().all(|pattern| tells(pattern.as_str()))
    });
    if allowing.condition("ref").is_none() || allowing.condition("ref_type").is_some() || by_path {
        return Vec::new();
    }
    let why = "there is a condition on `ref` and none on `ref_type`: a tag called like the branch meets it too";
    let remedy = "add `ref_type`: `branch` or `tag`";
    vec![case.at("conditions.ref", (LintRule::MissingRefType, Severity::Warning), why, remedy)]
}

/// The claims in the conditions that could tell one job of the project from another.
fn telling(allowing: Allowing<'_>) -> Vec<ClaimName> {
    let claims = allowing.rule.when.conditions.iter().map(|(claim, _)| claim);
    claims.filter(|claim| !SAY_NOTHING_OF_WHO.contains(&claim.as_str())).collect()
}

fn is_protected(allowing: Allowing<'_>) -> bool {
    allowing.rule.when.conditions.require_protection()
}
