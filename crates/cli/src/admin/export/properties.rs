//! Whatever a table holds, its export is read back as the same mappings.

use std::collections::BTreeMap;

use brevet_policy::attributes;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use super::tests::row;
use super::*;
use crate::admin::files::tests::Folder;

/// Text that could be taken for something else, or could end what it stands in.
fn any_text() -> impl Strategy<Value = String> {
    let words = ["true", "no", "null", "~", "1.10", "007", "-1", "1e3", "- a", "a: b", "a #b", "---", "...", "<<", "="];
    prop_oneof![
        select(words.to_vec()).prop_map(str::to_owned),
        r#"[-?:,{}\[\]#&*!|>'"%@`\\ \n\r\ta1~./]{0,8}"#,
        "\\PC{0,6}",
        "(?s).{0,6}",
    ]
}

fn any_policy() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(any_text(), 1..4);
    (any::<bool>(), any_text(), texts, any::<u32>()).prop_map(|(as_text, key, texts, number)| {
        let condition = json!({"StringLike": {key: texts}, "NumericLessThan": {"s3:max-keys": number}, "Bool": {"aws:SecureTransport": true}});
        let statement = json!({"Effect": "Allow", "Action": ["s3:*"], "Resource": "*", "Condition": condition});
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        if as_text { json!(policy.to_string()) } else { policy }
    })
}

fn any_attribute() -> impl Strategy<Value = (&'static str, Value)> {
    let value = prop_oneof![
        any_text().prop_map(Value::from),
        prop::collection::vec(any_text(), 1..4).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (1_700_000_000_u64..2_000_000_000).prop_map(Value::from),
        select(vec![900, 1_800, 3_600]).prop_map(Value::from),
        select(vec!["project_path", "ref", "user_login"]).prop_map(|claim| json!([claim])),
    ];
    prop_oneof![
        3 => (select(attributes().collect::<Vec<_>>()), value),
        1 => (select(vec!["owner", "description"]), any_text().prop_map(Value::from)),
        1 => (Just("session_policy"), any_policy()),
    ]
}

/// What is drawn for a row. It gets as much of it as leaves it right.
type Drawn = (String, Vec<(&'static str, Vec<Value>)>, Vec<(&'static str, Value)>);

fn any_row() -> impl Strategy<Value = Row> {
    let kinds = [
        json!({}),
        json!({"effect": "deny", "role_arn": null}),
        json!({"name": "api.reports", "role_arn": null, "routes": ["GET /reports/*"]}),
    ];
    let segments = ["a", "a.yaml", "project", ".hidden", "%2Ehidden", "..", "unreadable", "1.10"];
    let path = prop::collection::vec(select(segments.to_vec()), 0..4);
    let scope = path.prop_map(|path| [&["gitlab.example.com", "group"], path.as_slice()].concat().join("/"));
    let pattern = prop_oneof![any_text().prop_map(Value::from), any::<u32>().prop_map(Value::from)];
    let claim = select(vec!["ref", "environment", "user_id", "user_login", "sub"]);
    let conditions = prop::collection::vec((claim, prop::collection::vec(pattern, 1..3)), 0..4);
    let attributes = prop::collection::vec(any_attribute(), 0..12);
    (select(kinds.to_vec()), (scope, conditions, attributes)).prop_map(|(kind, drawn)| {
        let mut row = row(kind);
        row.retain(|_, value| !value.is_null());
        complete(row, drawn)
    })
}

fn complete(mut row: Row, (scope, conditions, attributes): Drawn) -> Row {
    let mut keep_if_right = |change: &dyn Fn(&mut Row)| {
        let mut changed = row.clone();
        change(&mut changed);
        if matches!(read(&changed), Reading::Valid(_)) {
            row = changed;
        }
    };
    keep_if_right(&|row| drop(row.insert("scope".to_owned(), json!(scope))));
    for (claim, patterns) in conditions {
        keep_if_right(&|row| row["conditions"][claim] = json!(patterns));
    }
    for (attribute, value) in attributes {
        keep_if_right(&|row| drop(row.insert(attribute.to_owned(), value.clone())));
    }
    row
}

/// No key twice, as in a table.
fn any_table() -> impl Strategy<Value = Vec<Row>> {
    let by_key = |rows: Vec<Row>| rows.into_iter().map(|row| (row_key(&row), row)).collect::<BTreeMap<_, _>>();
    prop::collection::vec(any_row(), 1..5).prop_map(move |rows| by_key(rows).into_values().collect())
}

/// What rows decide, and what they say beside it. Each in the order of its key.
fn meaning(rows: Vec<Row>) -> BTreeMap<(String, String), (Reading, Row)> {
    let meaning = |row: Row| {
        // To a condition a number is its digits, and as these it is read back.
        let said = unstamped(&row).into_iter().filter(|(attribute, _)| attribute != "conditions");
        (row_key(&row), (read(&unstamped(&row)), said.collect()))
    };
    rows.into_iter().map(meaning).collect()
}

fn exported(rows: &[Row]) -> Exported {
    let arguments = Export { table: TableOptions::default(), dir: None, managed_by: "brevet".to_owned(), all: true };
    Exported::of(rows.iter().map(StoredRow::of).collect(), &arguments)
}

proptest! {
    #[test]
    fn a_file_is_read_as_the_same_mappings(rows in any_table()) {
        let text = emit::file(&exported(&rows).rows, &[]);
        let folder = Folder::new("exported-file", &[("rows.yaml", &text)]);
        prop_assert_eq!(meaning(folder.read().unwrap().rows()), meaning(rows), "{}", text);
    }

    #[test]
    fn a_directory_is_read_as_the_same_mappings(rows in any_table()) {
        let folder = Folder::new("exported-directory", &[]);
        directory::write(folder.path(), &exported(&rows).rows, &[]).unwrap();
        prop_assert_eq!(meaning(folder.read().unwrap().rows()), meaning(rows));
    }
}
