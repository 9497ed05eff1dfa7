//! The auditor reads an image as the credentials function reads the item.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use brevet_mapping_store::row_from_item;
use serde_json::{Value, json};

use super::{audit, sample};

#[test]
fn an_image_is_the_row_that_the_functions_read() {
    for attribute in values() {
        let mut event = sample("created");
        event["Records"][0]["dynamodb"]["NewImage"]["conditions"] = as_streams_write(&attribute);
        let item = HashMap::from([("conditions".to_owned(), attribute)]);
        let audited = audit(&event);
        assert_eq!(audited.of_kind("mapping_changed")[0]["new"]["conditions"], row_from_item(&item)["conditions"]);
    }
}

fn values() -> Vec<AttributeValue> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let texts = vec!["a".to_owned(), "b".to_owned()];
    let digits = ["1", "-0", "1.50", "1E3", "99999999999999999999999999999999999999", "NaN", ""];
    let mut values: Vec<_> = digits.map(|digits| AttributeValue::N(digits.to_owned())).to_vec();
    values.extend([
        text("x"),
        text(""),
        AttributeValue::Bool(false),
        AttributeValue::Null(true),
        AttributeValue::Ss(texts),
        AttributeValue::Ns(vec!["1".to_owned(), "x".to_owned()]),
        AttributeValue::L(vec![text("x"), AttributeValue::Bool(true)]),
        AttributeValue::M(HashMap::from([("ref".to_owned(), AttributeValue::L(Vec::new()))])),
        AttributeValue::B(Blob::new("arn")),
        AttributeValue::Bs(vec![Blob::new("arn")]),
    ]);
    values
}

fn as_streams_write(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({"S": text}),
        AttributeValue::N(digits) => json!({"N": digits}),
        AttributeValue::Bool(flag) => json!({"BOOL": flag}),
        AttributeValue::Null(_) => json!({"NULL": true}),
        AttributeValue::Ss(texts) => json!({"SS": texts}),
        AttributeValue::Ns(digits) => json!({"NS": digits}),
        AttributeValue::L(items) => json!({"L": items.iter().map(as_streams_write).collect::<Vec<_>>()}),
        AttributeValue::M(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), as_streams_write(value)));
            json!({"M": members.collect::<serde_json::Map<_, _>>()})
        }
        AttributeValue::B(_) => json!({"B": "YXJu"}),
        AttributeValue::Bs(_) => json!({"BS": ["YXJu"]}),
        other => panic!("no test has {other:?}"),
    }
}
