use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use brevet_policy::attributes;

/// A condition for a write.
pub(super) struct Guard {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: HashMap<String, AttributeValue>,
}

/// The item is still this one: every attribute as it was, and none of those a row may have added.
///
/// `version` is one of them, but not enough by itself: who edits in the console at night does not count it up.
pub(super) fn unchanged(item: &HashMap<String, AttributeValue>) -> Guard {
    let mut every: BTreeSet<&str> = item.keys().map(String::as_str).collect();
    every.extend(attributes().map(|attribute| -> &str { attribute }));
    let mut guard = Guard { expression: String::new(), names: HashMap::new(), values: HashMap::new() };
    for (index, attribute) in every.into_iter().enumerate() {
        let (name, value) = (format!("#a{index}"), format!(":v{index}"));
        if !guard.expression.is_empty() {
            guard.expression.push_str(" AND ");
        }
        match item.get(attribute) {
            Some(stored) => {
                guard.expression.push_str(&format!("{name} = {value}"));
                guard.values.insert(value, stored.clone());
            }
            None => guard.expression.push_str(&format!("attribute_not_exists({name})")),
        }
        guard.names.insert(name, attribute.to_owned());
    }
    guard
}
