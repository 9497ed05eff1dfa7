//! From a row as it is stored to a [`Mapping`]: tolerant of harmless spelling, strict about everything else.

mod attributes;
mod conditions;
mod fields;
mod invalid;
mod right;
mod session;
mod when;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::attributes::{attributes, is_disclosable, review_by};
use self::fields::Fields;
pub use self::invalid::{Fault, InvalidMapping};
use crate::mapping::{AllowRule, DenyRule, Mapping, Rule};
use crate::name::RowName;
use crate::route::RoutePattern;
use crate::scope::Scope;

/// A row, whatever it is stored in.
pub type Row = serde_json::Map<String, Value>;

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It could be read whole.
    Valid(Mapping),
    /// It could not. It grants nothing; if it could have denied, it denies.
    Invalid(InvalidMapping),
}

impl Reading {
    /// The row that could not be read, for the log.
    pub fn invalid(&self) -> Option<&InvalidMapping> {
        match self {
            Self::Valid(_) => None,
            Self::Invalid(invalid) => Some(invalid),
        }
    }

    /// The names the row has a say under.
    pub fn row_name(&self) -> RowName {
        match self {
            Self::Valid(mapping) => mapping.name.clone(),
            Self::Invalid(invalid) => invalid.row_name(),
        }
    }
}

/// What the row is there for, so far as one can tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Allow,
    MayDeny,
}

/// Reads a row, or finds every fault in it.
pub fn read(row: &Row) -> Reading {
    let mut fields = Fields::new(row);
    attributes::refuse_unknown(&mut fields);
    let scope = fields.required(
        "scope",
        Scope::parse,
        "is not `<issuer without scheme>[/project/ID|/namespace/ID|/group/PATH]`",
    );
    let name = fields.required("name", RowName::parse, "is not `[a-z0-9][a-z0-9._-]{0,63}`, nor `*`");
    let version = fields.label("version");
    attributes::check_labels(&mut fields);
    let (rule, denies) = match intent(&mut fields, name.as_ref()) {
        Intent::Allow => (read_allow(&mut fields, name.as_ref()).map(|rule| Rule::Allow(Box::new(rule))), None),
        Intent::MayDeny => {
            let rule = read_deny(&mut fields, name.as_ref());
            (Some(Rule::Deny(rule.clone())), Some(rule))
        }
    };
    let faults = fields.into_faults();
    match (scope, name, rule) {
        (Some(scope), Some(name), Some(rule)) if faults.is_empty() => {
            Reading::Valid(Mapping { scope, name, version, rule })
        }
        _ => Reading::Invalid(InvalidMapping::new(row, version, faults, denies)),
    }
}

/// An `effect` that is neither absent nor exactly `allow` may have been meant to deny. So may a row without any, if it is
/// for every name, which only a deny row can be, or if a misspelt attribute says `deny`.
fn intent(fields: &mut Fields<'_>, name: Option<&RowName>) -> Intent {
    match fields.row().get("effect") {
        None if name == Some(&RowName::Every) => {
            fields.fault("effect", "must be `deny` on a row for every name");
            Intent::MayDeny
        }
        None if attributes::unknown_one_says(fields, "deny") => Intent::MayDeny,
        None => Intent::Allow,
        Some(Value::String(effect)) if effect == "allow" => Intent::Allow,
        Some(Value::String(effect)) if effect == "deny" => Intent::MayDeny,
        Some(_) => {
            fields.fault("effect", "must be `allow` or `deny`");
            Intent::MayDeny
        }
    }
}

fn read_allow(fields: &mut Fields<'_>, name: Option<&RowName>) -> Option<AllowRule> {
    let when = when::read(fields);
    let unprotected = fields.flag("allow_unprotected").unwrap_or(false);
    if !unprotected && !when.conditions.require_protection() && !fields.has_fault_in("conditions") {
        fields.fault(
            "conditions",
            "must have `ref_protected` or `environment_protected` as exactly `true`, unless `allow_unprotected` is true",
        );
    }
    let project_path = fields.text("project_path").map(str::to_owned);
    if project_path.as_deref() == Some("") {
        fields.fault("project_path", "must not be empty");
    }
    let allow_fork_pipelines = fields.flag("allow_fork_pipelines").unwrap_or(false);
    let max_token_age_seconds = fields.number("max_token_age_seconds", 1..=fields::MONTH);
    let right = right::read(fields, name);
    right.map(|right| AllowRule { when, project_path, allow_fork_pipelines, max_token_age_seconds, right })
}

/// Whatever else a deny row has belongs to the allow row it once was, and comes into force when `effect` is flipped back.
fn read_deny(fields: &mut Fields<'_>, name: Option<&RowName>) -> DenyRule {
    let for_api = matches!(name, Some(RowName::One(name)) if name.is_api());
    let routes = if for_api { read_routes(fields) } else { None };
    DenyRule { when: when::read(fields), routes }
}

/// The routes of a row, if all of them can be read.
fn read_routes(fields: &mut Fields<'_>) -> Option<Vec<RoutePattern>> {
    fields.list("routes", |text| RoutePattern::parse(text).map_err(|fault| fault.to_string()))
}
