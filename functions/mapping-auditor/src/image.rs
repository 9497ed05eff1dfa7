//! What DynamoDB's streams write of an item, and the row in it.

use brevet_policy::Row;
use serde_json::{Map, Number, Value, json};

/// The row in an image; `None` if it is none. It is the row that the credentials function reads from the same item: sets
/// become lists, and what JSON cannot hold becomes an object that no attribute may be.
pub(crate) fn row_from_image(image: &Value) -> Option<Row> {
    row(image.as_object()?)
}

fn row(members: &Map<String, Value>) -> Option<Row> {
    members.iter().map(|(name, typed)| Some((name.clone(), value(typed)?))).collect()
}

/// The value behind the one member that names its type.
fn value(typed: &Value) -> Option<Value> {
    let typed = typed.as_object().filter(|typed| typed.len() == 1)?;
    let (kind, value) = typed.iter().next()?;
    match kind.as_str() {
        "S" => value.is_string().then(|| value.clone()),
        "BOOL" => value.is_boolean().then(|| value.clone()),
        "N" => value.as_str().map(number),
        "NULL" => Some(Value::Null),
        "M" => row(value.as_object()?).map(Value::Object),
        "L" => value.as_array()?.iter().map(self::value).collect(),
        "SS" => texts(value.as_array()?).map(Value::from),
        "NS" => value.as_array()?.iter().map(|digits| digits.as_str().map(number)).collect(),
        _ => Some(unreadable()),
    }
}

/// In order: DynamoDB promises none, and another order is no change.
fn texts(set: &[Value]) -> Option<Vec<&str>> {
    let mut texts: Vec<&str> = set.iter().map(Value::as_str).collect::<Option<_>>()?;
    texts.sort_unstable();
    Some(texts)
}

fn number(digits: &str) -> Value {
    digits.parse::<Number>().map_or_else(|_| unreadable(), Value::Number)
}

fn unreadable() -> Value {
    json!({"unreadable": true})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_no_stream_writes() {
        for image in [
            json!(null),
            json!("x"),
            json!([]),
            json!({"scope": "x"}),
            json!({"scope": {}}),
            json!({"scope": {"S": "x", "N": "1"}}),
            json!({"scope": {"S": 5}}),
            json!({"enabled": {"BOOL": "true"}}),
            json!({"version": {"N": 5}}),
            json!({"conditions": {"M": {"ref": "main"}}}),
            json!({"conditions": {"M": []}}),
            json!({"routes": {"SS": [5]}}),
            json!({"routes": {"L": ["x"]}}),
        ] {
            assert_eq!(row_from_image(&image), None, "{image}");
        }
    }

    #[test]
    fn takes_sets_for_the_same_in_whatever_order_they_come() {
        let row = |set: [&str; 2]| row_from_image(&json!({"routes": {"SS": set}})).unwrap();
        assert_eq!(row(["b", "a"]), row(["a", "b"]));
    }

    #[test]
    fn keeps_binary_values_and_endless_numbers_from_passing_for_something() {
        for value in [json!({"B": "YXJu"}), json!({"BS": ["YXJu"]}), json!({"N": "NaN"}), json!({"TYPE-TO-COME": 5})] {
            let row = row_from_image(&json!({"role_arn": value})).unwrap();
            assert_eq!(row["role_arn"], json!({"unreadable": true}), "{value}");
        }
    }
}
