//! DynamoDB's attribute values and JSON, both ways.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use brevet_policy::Row;
use serde_json::{Number, Value, json};

/// The row in an item.
///
/// A set becomes a list, in order, because DynamoDB promises none. A number that JSON cannot hold, binary values and types that are new to the SDK become an object
/// that no attribute may be, so that the row is read as invalid instead of as something else.
pub fn row_from_item(item: &HashMap<String, AttributeValue>) -> Row {
    item.iter().map(|(name, value)| (name.clone(), json_from_attribute(value))).collect()
}

/// The item of a row. Lists stay lists: DynamoDB has no empty sets.
pub fn item_from_row(row: &Row) -> HashMap<String, AttributeValue> {
    row.iter().map(|(name, value)| (name.clone(), attribute_from_json(value))).collect()
}

fn json_from_attribute(value: &AttributeValue) -> Value {
    let in_order = |items: &[String]| {
        let mut items = items.to_vec();
        items.sort_unstable();
        items
    };
    match value {
        AttributeValue::S(text) => Value::String(text.clone()),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(flag) => Value::Bool(*flag),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(items) => items.iter().map(json_from_attribute).collect(),
        AttributeValue::Ss(items) => in_order(items).into_iter().map(Value::String).collect(),
        AttributeValue::Ns(items) => in_order(items).iter().map(|digits| number(digits)).collect(),
        AttributeValue::M(members) => Value::Object(row_from_item(members)),
        _ => unreadable(),
    }
}

fn number(digits: &str) -> Value {
    digits.parse::<Number>().map_or_else(|_| unreadable(), Value::Number)
}

fn unreadable() -> Value {
    json!({"unreadable": true})
}

fn attribute_from_json(value: &Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(*flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text.clone()),
        Value::Array(items) => AttributeValue::L(items.iter().map(attribute_from_json).collect()),
        Value::Object(members) => AttributeValue::M(item_from_row(members)),
    }
}

#[cfg(test)]
mod tests;
