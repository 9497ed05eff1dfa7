use std::collections::BTreeMap;

use brevet_identity::{ClaimName, known_claim};
use serde_json::Value;

use super::fields::{Fields, text_or_digits};
use crate::mapping::Conditions;
use crate::pattern::Pattern;

/// The row's conditions, or none at all if any part of them cannot be read: half of the conditions of a deny row would
/// deny less than it says.
pub(super) fn read(fields: &mut Fields<'_>) -> Conditions {
    let Some(value) = fields.get("conditions") else { return Conditions::default() };
    let Some(map) = value.as_object() else {
        fields.fault("conditions", "must be a map from claim to pattern or list of patterns");
        return Conditions::default();
    };
    if map.is_empty() {
        fields.fault("conditions", "must not be empty; leave the attribute out instead");
    }
    let mut conditions = BTreeMap::new();
    for (claim, patterns) in map {
        let path = format!("conditions.{claim}");
        match ClaimName::parse(claim) {
            Some(name) => conditions.extend(fields.items(&path, patterns, pattern).map(|patterns| (name, patterns))),
            None => fields.fault(path, why_not(claim)),
        }
    }
    if conditions.len() == map.len() { Conditions(conditions) } else { Conditions::default() }
}

fn pattern(value: &Value) -> Result<Pattern, String> {
    let text =
        text_or_digits(value).ok_or("must be a string or an id, and every claim is one: write \"true\", not true")?;
    Pattern::parse(&text).map_err(|fault| fault.to_string())
}

fn why_not(claim: &str) -> &'static str {
    if known_claim(claim).is_some() {
        "is a claim on which no condition may rest"
    } else {
        "is not a claim of a GitLab ID token"
    }
}
