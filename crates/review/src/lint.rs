//! What is dangerous, dead or overdue in rows.
//!
//! A rule is one function over one row ([`ROW_RULES`]) or over the whole table ([`table`]). None of them decides about a
//! job: a row with findings of any severity does exactly what [`brevet_policy::decide`] says it does.

mod case;
mod finding;
mod forks;
mod invalid;
mod lifetime;
mod people;
mod production;
mod protection;
mod role;
mod rule;
mod shadow;
mod table;
mod values;
mod wildcard;

#[cfg(test)]
mod tests;

use brevet_policy::Row;

use self::case::Case;
pub use self::finding::{LintFinding, Severity};
pub use self::rule::LintRule;

/// What the rules take from the deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintOptions {
    /// The IAM path of the roles Brevet may assume, with both slashes.
    pub role_path: String,
    /// Brevet's own account; roles outside the path are an error in any other, and in every one if it is not known.
    pub account: Option<String>,
    /// Words that mark what belongs to production, in lower case: a whole word of a row's name, of its role, of its
    /// `environment` or of its `deployment_tier`, digits at its end left out (`prod2`).
    pub production: Vec<String>,
}

impl Default for LintOptions {
    fn default() -> Self {
        let production = ["prod", "production", "prd"].map(str::to_owned).to_vec();
        Self { role_path: "/brevet/".to_owned(), account: None, production }
    }
}

const ROW_RULES: &[fn(&Case<'_>) -> Vec<LintFinding>] = &[
    invalid::invalid_row,
    protection::unprotected_ref,
    protection::author_chosen,
    protection::missing_ref_type,
    wildcard::first_segment_wildcard,
    production::risky_pipeline_source,
    forks::fork_pipelines,
    role::role_outside_path,
    role::shared_role,
    role::short_session,
    values::impossible_value,
    values::unknown_value,
    values::never_matches,
    lifetime::expiry,
    lifetime::not_yet_in_force,
    lifetime::without_effect,
    people::no_owner,
    people::review,
];

/// Every finding in these rows, row by row in their order: what [`lint_row`] finds, and what only shows beside other rows.
pub fn lint(rows: &[Row], options: &LintOptions, now: u64) -> Vec<LintFinding> {
    let cases: Vec<Case<'_>> = rows.iter().map(|row| Case::new(row, options, now)).collect();
    let table = table::Table::new(&cases);
    let of_row = |case: &Case<'_>| -> Vec<LintFinding> {
        let own = ROW_RULES.iter().flat_map(|rule| rule(case));
        own.chain(table.duplicate_key(case)).chain(shadow::shadowed(case, &table)).collect()
    };
    cases.iter().flat_map(of_row).collect()
}

/// Every finding that shows in one row by itself.
pub fn lint_row(row: &Row, options: &LintOptions, now: u64) -> Vec<LintFinding> {
    let case = Case::new(row, options, now);
    ROW_RULES.iter().flat_map(|rule| rule(&case)).collect()
}
