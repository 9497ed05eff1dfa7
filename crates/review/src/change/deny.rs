//! Rows that keep out: what a change of each attribute means. All is the other way round.

use brevet_policy::{DenyRule, RowName};

use super::conditions;
use super::meaning::Meaning;
use super::shift::{at_least, at_most, by_cover};
use crate::routes::routes_cover;

/// What a row closes, and to whom, as if before "project 4711 ...".
pub(super) fn closes(rule: &DenyRule, name: &RowName) -> String {
    match (&rule.routes, name) {
        (Some(routes), _) => {
            let routes: Vec<String> = routes.iter().map(|route| format!("`{route}`")).collect();
            format!("closes {} to", routes.join(", "))
        }
        (None, RowName::One(name)) => format!("closes `{name}` to"),
        (None, RowName::Every) => "closes everything to".to_owned(),
    }
}

/// The meaning of a change of one attribute other than a condition; `None` for what has none.
pub(super) fn attribute(name: &str, old: &DenyRule, new: &DenyRule) -> Option<Meaning> {
    match name {
        "not_before" => Some(at_least(old.when.not_before, new.when.not_before).reversed()),
        "expires_at" => Some(at_most(old.when.expires_at, new.when.expires_at).reversed()),
        "routes" => Some(match (&old.routes, &new.routes) {
            (None, None) => Meaning::Neutral,
            (Some(_), None) => Meaning::Narrows,
            (None, Some(_)) => Meaning::Widens,
            (Some(old), Some(new)) => by_cover(routes_cover(old, new), routes_cover(new, old)),
        }),
        // Conditions that could not be read count as none.
        "conditions" => Some(conditions::all_reversed(&old.when.conditions, &new.when.conditions)),
        _ => None,
    }
}
