mod saved;
mod stages;

use brevet_mapping_store::StoredRow;
use brevet_policy::Row;
use brevet_review::{LintOptions, Meaning};
use serde_json::{Value, json};

use super::*;
use crate::admin::files::tests::Folder;
use crate::admin::stamp::Stamp;

pub(super) fn row(changes: Value) -> Row {
    let mut row = json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
        "conditions": {"ref_protected": "true", "ref": "main"},
    });
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row.as_object().unwrap().clone()
}

pub(super) fn files(name: &str, rows: &[Row]) -> FileRows {
    // JSON is YAML.
    let text = serde_json::to_string(&json!({"mappings": rows})).unwrap();
    Folder::new(name, &[("rows.yaml", &text)]).read().unwrap()
}

/// A row as an earlier `apply` has left it.
pub(super) fn ours(row: &Row) -> StoredRow {
    let stamp = Stamp { managed_by: "brevet".to_owned(), updated_by: "arn".to_owned(), change_ref: None };
    StoredRow::of(&stamp.stamped(row, None))
}

pub(super) fn plan(name: &str, rows: &[Row], stored: Vec<StoredRow>, adopt: bool) -> Result<Plan, Trouble> {
    let keeping = Keeping { managed_by: "brevet".to_owned(), adopt };
    Plan::make(&files(name, rows), stored, &keeping, &LintOptions::default(), 1_795_305_600)
}

fn counts(plan: &Plan) -> [usize; 4] {
    [plan.steps.len(), plan.unchanged, plan.by_hand, plan.by_others]
}

#[test]
fn refuses_to_take_a_row_from_others_unless_it_was_kept_by_hand_and_is_adopted() {
    let wanted = [row(json!({}))];
    let by_hand = || vec![StoredRow::of(&row(json!({"owner": "me"})))];
    let refused = plan("by-hand", &wanted, by_hand(), false).unwrap_err();
    assert_eq!((refused.code(), refused.exit_code()), ("row_of_others", 2));
    let adopted = plan("adopt", &wanted, by_hand(), true).unwrap();
    assert!(adopted.steps[0].adopts && counts(&adopted) == [1, 0, 0, 0]);
    let terraform = || vec![StoredRow::of(&row(json!({"owner": "me", "managed_by": "terraform"})))];
    assert_eq!(plan("others", &wanted, terraform(), true).unwrap_err().code(), "row_of_others");
}

#[test]
fn leaves_rows_of_others_alone_and_deletes_only_its_own() {
    let named = |name: &str, more: Value| {
        let mut row = row(more);
        row.insert("name".to_owned(), json!(name));
        row
    };
    let stored = vec![
        StoredRow::of(&named("by-hand", json!({}))),
        StoredRow::of(&named("freeze", json!({"managed_by": "brevet-freeze"}))),
        ours(&named("gone", json!({}))),
        ours(&row(json!({}))),
        StoredRow::of(
            &json!({"scope": "gitlab.example.com", "name": "broken", "nonsense": 1}).as_object().unwrap().clone(),
        ),
    ];
    let plan = plan("alone", &[row(json!({}))], stored, false).unwrap();
    assert_eq!(counts(&plan), [1, 1, 2, 1]);
    assert_eq!((plan.deletes(), plan.steps[0].change.name.as_str()), (1, "gone"));
}

#[test]
fn nothing_is_to_be_done_where_only_the_spelling_of_an_id_differs() {
    let stored = ours(&row(json!({"conditions": {"ref_protected": "true", "project_id": [4711, "4712"]}})));
    let wanted = row(json!({"conditions": {"ref_protected": "true", "project_id": ["4711", 4712]}}));
    assert_eq!(counts(&plan("spelling", &[wanted], vec![stored], false).unwrap()), [0, 1, 0, 0]);
}

#[test]
fn tells_what_a_change_means_and_what_is_to_be_said_against_it() {
    let wanted = row(json!({"conditions": {"ref_protected": "true"}}));
    let plan = plan("meaning", &[wanted], vec![ours(&row(json!({})))], false).unwrap();
    assert_eq!(plan.steps[0].change.meaning, Meaning::Widens);
    let shown = in_words(&plan, &crate::admin::table::Label::example(), Colours::NONE);
    for part in [
        "~ update deploy of gitlab.example.com/project/4711",
        "widens: `ref` was `main`, becomes any",
        "- conditions.ref: \"main\"",
        "warning: no-owner",
        "0 to create, 1 to update, 0 to delete; 1 of these widen access. 0 unchanged, 0 kept by hand, 0 by other tools.",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}
