mod properties;

use aws_sdk_dynamodb::primitives::Blob;
use brevet_policy::{Reading, read};

use super::*;

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => panic!("not an object: {other}"),
    }
}

fn deploy() -> HashMap<String, AttributeValue> {
    let condition = AttributeValue::M(HashMap::from([("ref_protected".to_owned(), text("true"))]));
    let role = text("arn:aws:iam::111122223333:role/brevet/deploy");
    let scope = text("gitlab.example.com/project/4711");
    [("scope", scope), ("name", text("deploy")), ("role_arn", role), ("conditions", condition)]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

#[test]
fn makes_a_row_invalid_by_what_json_cannot_hold() {
    let values = [
        AttributeValue::B(Blob::new("gitlab")),
        AttributeValue::Bs(vec![Blob::new("gitlab")]),
        AttributeValue::N("1e999".to_owned()),
        AttributeValue::N("NaN".to_owned()),
        AttributeValue::Null(true),
    ];
    for attribute in
        ["owner", "project_path", "policy_arns", "version", "enabled", "expires_at", "review_by", "duration_seconds"]
    {
        for value in &values {
            let mut item = deploy();
            item.insert(attribute.to_owned(), value.clone());
            assert!(matches!(read(&row_from_item(&item)), Reading::Invalid(_)), "{attribute} {value:?}");
        }
    }
}

#[test]
fn reads_sets_as_lists_and_numbers_as_numbers() {
    let mut item = deploy();
    item.insert(
        "policy_arns".to_owned(),
        AttributeValue::Ss(vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()]),
    );
    item.insert("session_tags".to_owned(), AttributeValue::L(vec![text("ref")]));
    item.insert("duration_seconds".to_owned(), AttributeValue::N("900".to_owned()));
    let ids = AttributeValue::Ns(vec!["2301".to_owned(), "2302".to_owned()]);
    let flags = HashMap::from([("ref_protected".to_owned(), text("true")), ("user_id".to_owned(), ids)]);
    item.insert("conditions".to_owned(), AttributeValue::M(flags));
    let read_back = row_from_item(&item);
    assert_eq!(read_back["conditions"]["user_id"], json!([2301, 2302]));
    assert!(matches!(read(&read_back), Reading::Valid(_)), "{read_back:?}");
}

#[test]
fn writes_every_row_so_that_it_reads_the_same() {
    let full = row(json!({
        "scope": "gitlab.example.com", "name": "*", "effect": "deny", "enabled": true, "expires_at": 1_790_000_000, "version": 3,
        "conditions": {"ref": ["main", "release/*"], "user_id": 7, "environment": "é☃"}, "description": "", "review_by": null,
        "session_policy": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"NumericLessThan": {"a": 1.5}}}]},
        "odd": [[], {}, [null, -1, 1.25e10, 12e+30, false]],
    }));
    assert_eq!(row_from_item(&item_from_row(&full)), full);
    assert_eq!(row_from_item(&item_from_row(&Row::new())), Row::new());
}
