use brevet_policy::{Reading, Row, Rule, Scope, read};
use serde_json::{Value, json};

use crate::admin::moment::shown;

/// By this the rows of `brevet freeze` are known.
const KEEPER: &str = "brevet-freeze";

/// The deny row for every name of a scope.
pub(super) fn freeze(scope: &Scope, reason: &str, end: Option<u64>, author: &str) -> Row {
    let row = json!({
        "scope": scope.as_str(), "name": "*", "effect": "deny", "description": reason,
        "managed_by": KEEPER, "updated_by": author, "version": 1,
    });
    let mut row = row.as_object().cloned().unwrap_or_default();
    row.extend(end.map(|end| ("expires_at".to_owned(), json!(shown(end)))));
    row
}

pub(in crate::admin) fn is_freeze(row: &Row) -> bool {
    row.get("managed_by").and_then(Value::as_str) == Some(KEEPER)
}

/// The row in the place of an older one.
pub(super) fn next(old: &Row, mut row: Row) -> Row {
    let version = old.get("version").and_then(Value::as_u64).unwrap_or_default();
    row.insert("version".to_owned(), json!(version.saturating_add(1)));
    row
}

/// Whether writing the row would change nothing but who wrote it: it denies all, for the same reason, until the same
/// time. An end that was given as a span moves with the clock, so a minute does not count.
pub(super) fn says_the_same(stored: &Row, row: &Row, now: u64) -> bool {
    let (stored_end, end) = (end_of(stored), end_of(row));
    let same_end = match (stored_end, end) {
        (None, None) => true,
        (Some(stored), Some(end)) => stored.abs_diff(end) < 60 && stored > now,
        _ => false,
    };
    closes_all(stored) && same_end && stored.get("description") == row.get("description")
}

/// Whether nobody gets past the row, as long as it lives.
pub(super) fn closes_all(row: &Row) -> bool {
    match read(row) {
        Reading::Valid(mapping) => match mapping.rule {
            Rule::Deny(rule) => {
                let when = &rule.when;
                rule.routes.is_none()
                    && when.enabled
                    && when.mode == brevet_policy::Mode::Enforce
                    && when.not_before.is_none()
                    && when.conditions.iter().next().is_none()
            }
            Rule::Allow(_) => false,
        },
        Reading::Invalid(_) => false,
    }
}

/// The row in a sentence.
pub(super) fn summary(row: &Row) -> String {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let mut told = vec![text("effect").unwrap_or("no effect").to_owned()];
    told.extend(text("description").map(|reason| format!("\"{reason}\"")));
    told.extend(end_of(row).map(|end| format!("until {}", shown(end))));
    told.extend(text("updated_by").map(|author| format!("by {author}")));
    told.extend(text("managed_by").map(|keeper| format!("kept by {keeper}")));
    told.join(", ")
}

fn end_of(row: &Row) -> Option<u64> {
    match read(row) {
        Reading::Valid(mapping) => match mapping.rule {
            Rule::Deny(rule) => rule.when.expires_at,
            Rule::Allow(rule) => rule.when.expires_at,
        },
        Reading::Invalid(_) => None,
    }
}
