use brevet_policy::Row;
use serde_json::Value;

/// Scope and name of a row as far as they are text.
pub(crate) fn row_key(row: &Row) -> (String, String) {
    let text = |attribute| row.get(attribute).and_then(Value::as_str).unwrap_or_default().to_owned();
    (text("scope"), text("name"))
}
