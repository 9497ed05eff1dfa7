//! The attributes a row may have. One that is not listed makes the row invalid: it may be a misspelt condition.

use serde_json::Value;
use time::macros::format_description;
use time::{Date, Time};

use super::Row;
use super::fields::{Fields, moment};

/// What decides whether a row applies.
const DECIDING: &[&str] = &[
    "scope",
    "name",
    "effect",
    "mode",
    "enabled",
    "not_before",
    "expires_at",
    "conditions",
    "project_path",
    "allow_unprotected",
    "allow_fork_pipelines",
    "max_token_age_seconds",
];

/// What describes a session of a role.
pub(super) const FOR_ROLES: &[&str] = &[
    "role_arn",
    "via",
    "duration_seconds",
    "max_duration_seconds",
    "session_policy",
    "policy_arns",
    "session_tags",
    "transitive_tag_keys",
    "external_id",
    "source_identity",
    "max_uses_per_token",
];

/// What describes the routes of an API.
pub(super) const FOR_ROUTES: &[&str] = &["routes", "usage_plan_key"];

/// What is for people and tools.
const LABELS: &[&str] = &["owner", "description", "review_by", "change_ref", "updated_by", "managed_by", "version"];

/// What is read as [`crate::Confidential`].
const CONFIDENTIAL: &[&str] = &["external_id", "usage_plan_key"];

pub(super) fn refuse_unknown(fields: &mut Fields<'_>) {
    for (attribute, value) in fields.row() {
        if !is_known(attribute) {
            fields.fault(attribute, "is not an attribute of a role mapping");
        } else if value.is_null() {
            fields.fault(attribute, "is null; leave the attribute out instead");
        }
    }
}

/// Whether an attribute that does not exist has this word as its value.
pub(super) fn unknown_one_says(fields: &Fields<'_>, word: &str) -> bool {
    let says = |value: &Value| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(word));
    fields.row().iter().any(|(attribute, value)| !is_known(attribute) && says(value))
}

/// The names of all attributes a row may have.
pub fn attributes() -> impl Iterator<Item = &'static str> {
    [DECIDING, FOR_ROLES, FOR_ROUTES, LABELS].into_iter().flatten().copied()
}

fn is_known(attribute: &str) -> bool {
    attributes().any(|name| name == attribute)
}

/// Labels decide nothing, but one of a wrong type tells of a tool that writes something else than it means.
pub(super) fn check_labels(fields: &mut Fields<'_>) {
    for attribute in ["owner", "description", "change_ref", "updated_by", "managed_by"] {
        fields.text(attribute);
    }
    if let Some(value) = fields.get("review_by")
        && end_of_day(value).or_else(|| moment(value)).is_none()
    {
        fields.fault("review_by", "must be a date (`2026-12-31`), an RFC 3339 time, or seconds since the epoch");
    }
}

/// Whether an attribute's value may be shown to whoever reads a log. Not what is kept out of `Debug`, and not what no row
/// has: it may be one of those, misspelt.
pub fn is_disclosable(attribute: &str) -> bool {
    is_known(attribute) && !CONFIDENTIAL.contains(&attribute)
}

/// When a row is to be reviewed at the latest, in seconds since the epoch; a date means the end of that day.
pub fn review_by(row: &Row) -> Option<u64> {
    let value = row.get("review_by")?;
    end_of_day(value).or_else(|| moment(value))
}

/// The first second after a date, `2026-12-31`.
fn end_of_day(value: &Value) -> Option<u64> {
    let date = Date::parse(value.as_str()?, format_description!("[year]-[month]-[day]")).ok()?;
    u64::try_from(date.next_day()?.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp()).ok()
}
