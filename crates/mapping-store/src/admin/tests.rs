use brevet_policy::Row;
use serde_json::{Value, json};

use super::*;
use crate::test_support::{Answer, client, client_that_asks_again, item};

fn editor(
    answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static,
) -> (TableEditor, crate::test_support::Asked) {
    let (client, asked) = client(answering);
    (TableEditor::new(client, "mappings"), asked)
}

fn row(changes: Value) -> Row {
    let mut row = json!({"scope": "gitlab.example.com/project/4711", "name": "deploy", "version": 3});
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row.as_object().unwrap().clone()
}

fn stored(changes: Value) -> StoredRow {
    StoredRow::new(item_from_row(&row(changes)))
}

fn described(keys: Value, definitions: Value) -> Value {
    json!({"Table": {"TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/mappings", "ItemCount": 7,
                     "KeySchema": keys, "AttributeDefinitions": definitions}})
}

#[tokio::test]
async fn refuses_a_table_of_other_keys() {
    let text = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    let key = |name: &str, kind: &str| json!({"AttributeName": name, "KeyType": kind});
    let ours = json!([key("scope", "HASH"), key("name", "RANGE")]);
    let cases = [
        (json!([key("scope", "HASH")]), json!([text("scope")])),
        (json!([key("name", "HASH"), key("scope", "RANGE")]), json!([text("scope"), text("name")])),
        (json!([key("pk", "HASH"), key("sk", "RANGE")]), json!([text("pk"), text("sk")])),
        (ours.clone(), json!([text("scope"), {"AttributeName": "name", "AttributeType": "N"}])),
    ];
    for (keys, definitions) in cases {
        let (editor, _) = editor(move |_, _| Answer::Ok(described(keys.clone(), definitions.clone())));
        assert_eq!(editor.describe().await, Err(StoreUnavailable::TableUnfit));
    }
    let (editor, _) = editor(move |_, _| Answer::Ok(described(ours.clone(), json!([text("scope"), text("name")]))));
    assert_eq!(editor.describe().await.unwrap().rows, 7);
}

#[tokio::test]
async fn tells_faults_of_the_table_apart() {
    for (name, fault) in [
        ("ResourceNotFoundException", StoreUnavailable::TableMissing),
        ("AccessDeniedException", StoreUnavailable::AccessDenied),
        ("ThrottlingException", StoreUnavailable::Throttled),
    ] {
        let (editor, _) = editor(move |_, _| Answer::Error(400, name));
        assert_eq!(editor.describe().await, Err(fault));
        assert_eq!(editor.page(None).await.err(), Some(fault));
        assert_eq!(editor.create(&row(json!({}))).await, Err(fault.into()));
        assert_eq!(editor.delete(&stored(json!({}))).await, Err(fault.into()));
    }
}

#[tokio::test]
async fn never_writes_over_what_has_changed_since_it_was_read() {
    let (editor, asked) = editor(|before, _| match before {
        0 => Answer::Error(400, "ConditionalCheckFailedException"),
        _ => Answer::Ok(json!({"Item": item("gitlab.example.com/project/4711", "deploy")})),
    });
    let old = stored(json!({"owner": "a", "conditions": {"ref": ["main"]}}));
    assert_eq!(editor.replace(&old, &row(json!({"version": 4}))).await, Err(EditError::Changed));
    let put = asked.body(0);
    let condition = put["ConditionExpression"].as_str().unwrap();
    let of = |attribute: &str| {
        let names = put["ExpressionAttributeNames"].as_object().unwrap();
        names.iter().find(|(_, name)| *name == attribute).unwrap().0.clone()
    };
    for attribute in ["version", "owner", "conditions", "scope"] {
        let name = of(attribute);
        assert!(condition.contains(&format!("{name} = {}", name.replace("#a", ":v"))), "{attribute}: {condition}");
    }
    for attribute in ["effect", "allow_unprotected", "enabled"] {
        assert!(condition.contains(&format!("attribute_not_exists({})", of(attribute))), "{attribute}: {condition}");
    }
    assert_eq!(asked.body(1)["ConsistentRead"], true);
}

#[tokio::test]
async fn never_creates_over_a_row_and_deletes_only_what_was_read() {
    let (editor, asked) = editor(|before, _| match before {
        0 | 2 => Answer::Error(400, "ConditionalCheckFailedException"),
        _ => Answer::Ok(json!({"Item": item("gitlab.example.com/project/4711", "deploy")})),
    });
    assert_eq!(editor.create(&row(json!({}))).await, Err(EditError::Changed));
    assert_eq!(asked.body(0)["ConditionExpression"], "attribute_not_exists(#scope)");
    assert_eq!(editor.delete(&stored(json!({}))).await, Err(EditError::Changed));
    assert!(asked.body(2)["ConditionExpression"].as_str().unwrap().contains(" = :v"));
}

#[tokio::test]
async fn takes_a_write_for_done_that_was_done_although_its_answer_was_lost() {
    let wanted = row(json!({"version": 4}));
    let image =
        json!({"scope": {"S": "gitlab.example.com/project/4711"}, "name": {"S": "deploy"}, "version": {"N": "4"}});
    let (client, asked) = client_that_asks_again(move |before, _| match before {
        0 => Answer::Broken,
        1 => Answer::Error(400, "ConditionalCheckFailedException"),
        _ => Answer::Ok(json!({"Item": image})),
    });
    let editor = TableEditor::new(client, "mappings");
    assert_eq!(editor.replace(&stored(json!({})), &wanted).await, Ok(()));
    assert_eq!(asked.count(), 3);
    let (editor, _) = self::editor(|before, _| match before {
        0 => Answer::Error(400, "ConditionalCheckFailedException"),
        _ => Answer::Ok(json!({})),
    });
    assert_eq!(editor.delete(&stored(json!({}))).await, Ok(()));
}

#[tokio::test]
async fn reads_every_page() {
    let key = json!({"scope": {"S": "a.example.com"}, "name": {"S": "one"}});
    let (editor, asked) = editor(move |before, _| {
        let name = if before == 0 { "one" } else { "two" };
        let mut page = json!({"Items": [item("a.example.com", name)]});
        if before == 0 {
            page["LastEvaluatedKey"] = key.clone();
        }
        Answer::Ok(page)
    });
    let (first, next) = editor.page(None).await.unwrap();
    let (second, end) = editor.page(next).await.unwrap();
    assert_eq!((first[0].row()["name"].as_str(), second[0].row()["name"].as_str()), (Some("one"), Some("two")));
    assert!(end.is_none());
    assert_eq!(asked.body(1)["ExclusiveStartKey"]["name"]["S"], "one");
    assert_eq!(asked.body(0)["ConsistentRead"], true);
}

#[tokio::test]
async fn reads_one_row_as_it_is_now() {
    let (editor, asked) = editor(|before, _| match before {
        0 => Answer::Ok(json!({"Item": item("a.example.com", "*")})),
        1 => Answer::Ok(json!({})),
        _ => Answer::Error(400, "AccessDeniedException"),
    });
    let found = editor.row("a.example.com", "*").await.unwrap().unwrap();
    assert_eq!(found.row()["name"], "*");
    assert_eq!(editor.row("a.example.com", "*").await, Ok(None));
    assert_eq!(editor.row("a.example.com", "*").await, Err(StoreUnavailable::AccessDenied));
    assert_eq!(asked.body(0)["Key"], json!({"scope": {"S": "a.example.com"}, "name": {"S": "*"}}));
    assert_eq!(asked.body(0)["ConsistentRead"], true);
}
