use serde_json::Value;

use super::glob;

/// What IAM makes of a policy for one action on one resource, if every condition in it holds or none does: any `Deny` wins,
/// else any `Allow`.
pub(crate) fn permits(policy: &Value, action: &str, resource: &str, conditions_hold: bool) -> bool {
    let applying = |effect: &str| {
        items(&policy["Statement"]).iter().any(|statement| {
            statement["Effect"] == effect
                && (conditions_hold || statement.get("Condition").is_none())
                && is_among(statement, "Action", &action.to_ascii_lowercase(), str::to_ascii_lowercase)
                && is_among(statement, "Resource", resource, str::to_owned)
        })
    };
    applying("Allow") && !applying("Deny")
}

/// Every text that stands in these members of the statements.
pub(crate) fn texts<'a>(policy: &'a Value, members: &[&str]) -> Vec<&'a str> {
    let statements = items(&policy["Statement"]);
    let listed = statements.iter().flat_map(|statement| members.iter().flat_map(|name| items(&statement[*name])));
    listed.filter_map(Value::as_str).collect()
}

fn is_among(statement: &Value, name: &str, text: &str, spelling: fn(&str) -> String) -> bool {
    let among = |list: &Value| {
        items(list).iter().filter_map(Value::as_str).any(|pattern| glob::matches(&spelling(pattern), text))
    };
    match (statement.get(name), statement.get(format!("Not{name}"))) {
        (Some(list), _) => among(list),
        (None, Some(list)) => !among(list),
        (None, None) => false,
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}
