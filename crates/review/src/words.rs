//! Rows in plain words.

use brevet_policy::{Pattern, Scope, Subject};
use serde_json::Value;

/// Whose jobs a scope holds.
pub(crate) fn whose(scope: &Scope) -> String {
    let issuer = scope.issuer();
    match scope.subject() {
        Subject::Everyone => format!("every project of {issuer}"),
        Subject::Project(id) => format!("project {id} of {issuer}"),
        Subject::Namespace(id) => format!("every project directly in namespace {id} of {issuer}"),
        Subject::Group(path) => format!("every project anywhere below `{path}` of {issuer}"),
    }
}

/// The patterns of a condition, any of which will do; `any` where there is no condition.
pub(crate) fn any_of(patterns: Option<&[Pattern]>) -> String {
    let Some(patterns) = patterns else { return "any".to_owned() };
    let quoted: Vec<String> = patterns.iter().map(|pattern| format!("`{pattern}`")).collect();
    quoted.join(" or ")
}

/// A stored value on one line, in backticks; what is absent is `not set`.
pub(crate) fn stored(value: Option<&Value>) -> String {
    match value {
        None => "not set".to_owned(),
        Some(Value::String(text)) => format!("`{text}`"),
        Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
            let texts: Vec<String> = items.iter().map(|item| stored(Some(item))).collect();
            texts.join(", ")
        }
        Some(other) => format!("`{other}`"),
    }
}

/// A number of things: `1 day`, `2 days`.
pub(crate) fn count(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
