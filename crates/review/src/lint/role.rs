//! Which role a row gives, and for how long.

use brevet_policy::{Subject, Via};

use super::case::{Allowing, Case};
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;
use crate::patterns::is_literal;

/// botocore renews a session when less than 15 minutes are left of it: shorter than twice that is renewed at every use.
const LONG_ENOUGH: u64 = 1_800;

/// Brevet's own function may assume roles of one path only, so the row opens nothing; with `web_identity` nothing but
/// the role's trust policy would hold it back. An error, unless the role is known to be in Brevet's own account.
pub(super) fn role_outside_path(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(terms) = case.allowing().and_then(Allowing::role) else { return Vec::new() };
    let path = &case.options.role_path;
    if terms.role_arn.path_and_name().starts_with(path.as_str()) {
        return Vec::new();
    }
    let own = case.options.account.as_deref() == Some(terms.role_arn.account());
    let severity = if own { Severity::Warning } else { Severity::Error };
    let consequence = match terms.via {
        Via::AssumeRole(_) => "Brevet may not assume it, so jobs are refused",
        Via::WebIdentity => "with `web_identity` nothing but the role's trust policy guards it",
    };
    let place = if own { "" } else { " of another account" };
    let why = format!("the role{place} is not below the path `{path}`: {consequence}");
    let remedy = format!("create the role below `{path}`, as `BrokeredRole` does, and name that one");
    vec![case.at("role_arn", (LintRule::RoleOutsidePath, severity), why, remedy)]
}

/// What one project of the group may do, every other may do in its name.
pub(super) fn shared_role(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(allowing) = case.allowing() else { return Vec::new() };
    let Some(terms) = allowing.role() else { return Vec::new() };
    let whose = match allowing.mapping.scope.subject() {
        Subject::Everyone => "every project of the issuer",
        Subject::Group(_) => "every project of the group",
        Subject::Project(_) | Subject::Namespace(_) => return Vec::new(),
    };
    let pinned = allowing.condition("project_id").is_some_and(|ids| ids.iter().all(is_literal));
    if pinned || terms.role_arn.as_str().contains("{project_id}") {
        return Vec::new();
    }
    let why =
        format!("{whose}, present and future, gets the same role: none can be told from another by what it may do");
    let remedy =
        "give each project its own role with `{project_id}` in `role_arn`, or list the projects in `project_id`";
    vec![case.at("role_arn", (LintRule::SharedRole, Severity::Warning), why, remedy)]
}

/// A session that SDKs renew all the time.
pub(super) fn short_session(case: &Case<'_>) -> Vec<LintFinding> {
    let Some(terms) = case.allowing().and_then(Allowing::role) else { return Vec::new() };
    let duration = terms.duration;
    if duration.default >= LONG_ENOUGH {
        return Vec::new();
    }
    let attribute = if case.row.contains_key("duration_seconds") { "duration_seconds" } else { "max_duration_seconds" };
    let why = format!(
        "sessions last {} s: SDKs renew a session when 15 minutes are left of it, so at every use",
        duration.default
    );
    let remedy = "give 1800 seconds or more, or leave it to the default of 3600";
    vec![case.at(attribute, (LintRule::ShortSession, Severity::Warning), why, remedy)]
}
