use super::*;
use crate::admin::table::Label;

fn admitted(saved: &SavedPlan, name: &str, rows: &[Row], stored: Vec<StoredRow>) -> Result<(), &'static str> {
    let now = plan(name, rows, stored, false).unwrap();
    saved.admits(&now, &files(name, rows), "brevet", &Label::example()).map_err(|trouble| trouble.code())
}

fn second() -> Row {
    row(json!({"name": "second"}))
}

fn saved() -> SavedPlan {
    let plan = plan("saved", &[row(json!({"owner": "b"})), second()], vec![ours(&row(json!({"owner": "a"})))], false);
    let text = SavedPlan::of(&plan.unwrap(), "brevet", &Label::example()).to_json();
    assert!(!text.contains("role_arn"), "the rows themselves stay out of it: {text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn refuses_whatever_was_not_planned() {
    let (old, new) = (row(json!({"owner": "a"})), row(json!({"owner": "b"})));
    let table_moved = vec![ours(&row(json!({"owner": "c"})))];
    assert_eq!(admitted(&saved(), "table-moved", &[new.clone(), second()], table_moved), Err("plan_outdated"));
    let files_moved = [row(json!({"owner": "d"})), second()];
    assert_eq!(admitted(&saved(), "files-moved", &files_moved, vec![ours(&old)]), Err("plan_outdated"));
    let taken_back = [old.clone(), second()];
    assert_eq!(admitted(&saved(), "taken-back", &taken_back, vec![ours(&old)]), Err("plan_outdated"));
    let more = [new, second(), row(json!({"name": "third"}))];
    assert_eq!(admitted(&saved(), "more", &more, vec![ours(&old)]), Err("plan_outdated"));
}

#[test]
fn refuses_another_table_or_keeper() {
    let rows = [row(json!({"owner": "b"})), second()];
    let now = plan("keeper", &rows, vec![ours(&row(json!({"owner": "a"})))], false).unwrap();
    let refused = saved().admits(&now, &files("keeper", &rows), "others", &Label::example()).unwrap_err();
    assert_eq!((refused.code(), refused.exit_code()), ("plan_outdated", 2));
}

#[test]
fn admits_what_was_planned_and_what_is_left_of_it_after_a_crash() {
    let (old, new) = (row(json!({"owner": "a"})), row(json!({"owner": "b"})));
    let rows = [new.clone(), second()];
    assert_eq!(admitted(&saved(), "whole", &rows, vec![ours(&old)]), Ok(()));
    assert_eq!(admitted(&saved(), "half", &rows, vec![ours(&old), ours(&second())]), Ok(()));
    assert_eq!(admitted(&saved(), "done", &rows, vec![ours(&new), ours(&second())]), Ok(()));
}
