use serde_json::{Map, Value, json};

/// Plain JSON in DynamoDB's own notation: text as `S`, numbers as `N`, lists as `L`, objects as `M`.
pub fn item(plain: &Value) -> Value {
    plain.as_object().map(|members| Value::Object(attributes(members))).expect("an item is an object")
}

fn attributes(members: &Map<String, Value>) -> Map<String, Value> {
    members.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(truth) => json!({"BOOL": truth}),
        Value::Number(number) => json!({"N": number.to_string()}),
        Value::String(text) => json!({"S": text}),
        Value::Array(items) => json!({"L": items.iter().map(attribute).collect::<Vec<_>>()}),
        Value::Object(members) => json!({"M": attributes(members)}),
    }
}
