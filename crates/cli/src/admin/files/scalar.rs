//! What a scalar without quotes is, by the core schema of YAML 1.2: `yes` and `on` are words, `true` is not.

use serde_json::{Number, Value};

pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The value that is meant.
pub(super) fn resolve(text: &str) -> Value {
    match text {
        _ if is_null(text) => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

/// A number as JSON writes it. Others, such as `007` or `0x1f`, stay text: nothing in a row is counted in them.
fn number(text: &str) -> Option<Number> {
    let looks_so = text.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    looks_so.then(|| text.parse().ok()).flatten()
}

/// Whether text would become something else without quotes.
pub(crate) fn needs_quotes(text: &str) -> bool {
    !resolve(text).is_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn takes_nothing_for_a_boolean_or_a_number_that_only_resembles_one() {
        for text in ["yes", "no", "on", "off", "y", "007", "0x1f", "1_000", ".5", "+1", "1.", "2026-12-31", "main", "-"]
        {
            assert_eq!(resolve(text), json!(text), "{text}");
        }
        assert_eq!([resolve("true"), resolve("FALSE"), resolve("~")], [json!(true), json!(false), json!(null)]);
        assert_eq!([resolve("4711"), resolve("-1"), resolve("1.5")], [json!(4711), json!(-1), json!(1.5)]);
    }
}
