use std::collections::HashMap;

use brevet_policy::{RowName, Scope};
use serde_json::Value;

use super::case::Case;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Rows by their key, so that thousands can be looked at beside each other.
pub(super) struct Table<'a> {
    by_key: HashMap<(&'a str, &'a str), Vec<&'a Case<'a>>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(cases: &'a [Case<'a>]) -> Self {
        let mut by_key: HashMap<(&str, &str), Vec<&Case<'_>>> = HashMap::new();
        for case in cases {
            if let Some(key) = key(case) {
                by_key.entry(key).or_default().push(case);
            }
        }
        Self { by_key }
    }

    /// The rows of a scope that have a say under a name.
    pub(super) fn that_cover(&self, scope: &Scope, name: &RowName) -> impl Iterator<Item = &'a Case<'a>> {
        let keys = [(scope.as_str(), name.as_str()), (scope.as_str(), "*")];
        let found = keys.into_iter().filter_map(|key| self.by_key.get(&key));
        found.flatten().copied().collect::<Vec<_>>().into_iter()
    }

    /// A table cannot hold two rows of one key: of files that say so, one would silently lose.
    pub(super) fn duplicate_key(&self, case: &Case<'_>) -> Option<LintFinding> {
        let count = self.by_key.get(&key(case)?)?.len();
        let why = format!(
            "{count} rows have this scope and name, and the table can hold one: the last to be written would win"
        );
        let remedy = "make one row of them, or give them names of their own";
        (count > 1).then(|| case.at("name", (LintRule::DuplicateKey, Severity::Error), why, remedy))
    }
}

fn key<'a>(case: &Case<'a>) -> Option<(&'a str, &'a str)> {
    let text = |attribute| case.row.get(attribute).and_then(Value::as_str);
    Some((text("scope")?, text("name")?))
}
