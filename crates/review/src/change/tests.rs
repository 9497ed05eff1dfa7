mod allow;
mod deny;
mod never_understated;

use serde_json::json;

use super::*;
use crate::test_support::{NOW, row};

/// What an update of the good row with these changes means.
#[track_caller]
fn updated(old: Value, new: Value) -> Change {
    compare(Some(&row(old)), Some(&row(new)))
}

#[track_caller]
fn assert_means(old: Value, new: Value, forth: Meaning, back: Meaning) {
    for (from, to, expected) in [(&old, &new, forth), (&new, &old, back)] {
        let change = updated(from.clone(), to.clone());
        assert_eq!(change.meaning, expected, "{from} -> {to}: {change:#?}");
    }
}

fn denying(changes: Value) -> Value {
    let mut row = json!({"effect": "deny"});
    if let (Some(row), Value::Object(changes)) = (row.as_object_mut(), changes) {
        row.extend(changes);
    }
    row
}

#[test]
fn says_what_a_new_row_gives_and_what_a_deleted_one_gave() {
    let allow = row(json!({"conditions": {"ref_protected": "true", "ref": ["main", "release/*"]}}));
    let created = compare(None, Some(&allow));
    assert_eq!((created.action, created.meaning), (Action::Create, Meaning::Widens));
    assert_eq!(
        created.sentence,
        "widens: gives `arn:aws:iam::111122223333:role/brevet/payments-deploy` to project 4711 of gitlab.example.com if \
         `ref` is `main` or `release/*`, `ref_protected` is `true`"
    );
    let deleted = compare(Some(&allow), None);
    assert_eq!((deleted.action, deleted.meaning), (Action::Delete, Meaning::Narrows));
    assert!(deleted.sentence.starts_with("narrows: no longer gives "), "{}", deleted.sentence);
}

#[test]
fn says_that_a_deny_row_closes_and_that_its_end_widens() {
    let deny =
        row(json!({"effect": "deny", "name": "*", "scope": "gitlab.example.com/group/nordwind", "conditions": null}));
    let created = compare(None, Some(&deny));
    assert_eq!(created.meaning, Meaning::Narrows);
    assert_eq!(
        created.sentence,
        "narrows: closes everything to every project anywhere below `nordwind` of gitlab.example.com without conditions"
    );
    assert_eq!(compare(Some(&deny), None).meaning, Meaning::Widens);
}

#[test]
fn finds_no_change_between_a_row_and_itself_or_between_two_that_are_not_there() {
    for (old, new) in [(None, None), (Some(row(json!({}))), Some(row(json!({}))))] {
        let change = compare(old.as_ref(), new.as_ref());
        assert_eq!((change.action, change.meaning, change.attributes), (Action::None, Meaning::Neutral, vec![]));
    }
}

#[test]
fn knows_a_row_that_does_nothing_before_and_after() {
    for idle in [json!({"mode": "report"}), json!({"enabled": false}), json!({"typo": 1})] {
        assert_eq!(compare(None, Some(&row(idle.clone()))).meaning, Meaning::Neutral, "{idle}");
        assert_eq!(compare(Some(&row(idle.clone())), None).meaning, Meaning::Neutral, "{idle}");
        assert_means(json!({}), idle, Meaning::Narrows, Meaning::Widens);
    }
    let change = updated(json!({"mode": "report"}), json!({"mode": "report", "conditions": {"ref_protected": "true"}}));
    assert_eq!(change.meaning, Meaning::Neutral);
    let told = &change.attributes.iter().find(|attribute| attribute.attribute == "conditions.ref").unwrap().sentence;
    assert_eq!(told, "changes nothing: by itself it widens: `ref` was `main` or `release/*`, becomes any");
}

#[test]
fn says_why_a_row_that_cannot_be_read_does_nothing() {
    let change = updated(json!({}), json!({"condition": {}}));
    assert_eq!(
        change.sentence,
        "narrows: the row cannot be read and denies like no row at all (`condition` is not an attribute of a role mapping)"
    );
    let change = updated(json!({}), json!({"effect": "Deny"}));
    assert_eq!(change.meaning, Meaning::Narrows);
    assert!(change.sentence.contains("denies whatever it could have meant to deny"), "{}", change.sentence);
}

#[test]
fn tells_the_flip_of_an_effect_from_its_labels() {
    let change = updated(json!({}), denying(json!({"owner": "sre"})));
    assert_eq!(
        (change.meaning, change.sentence.as_str()),
        (Meaning::Narrows, "narrows: `effect` was not set, becomes `deny`")
    );
    assert_eq!(updated(denying(json!({})), json!({})).meaning, Meaning::Widens);
    let owner = change.attributes.iter().find(|attribute| attribute.attribute == "owner").unwrap();
    assert_eq!(
        (owner.meaning, owner.sentence.as_str()),
        (Meaning::Neutral, "changes nothing: `owner` was `team-payments`, becomes `sre`")
    );
}

#[test]
fn never_shows_what_is_not_for_every_eye() {
    let change = updated(json!({"external_id": "not-for-any-eye-1"}), json!({"external_id": "not-for-any-eye-2"}));
    assert_eq!(change.meaning, Meaning::Moves);
    let printed = format!("{change:?} {}", serde_json::to_string(&change).unwrap());
    assert!(!printed.contains("not-for-any-eye"), "{printed}");
    let created = compare(None, Some(&row(json!({"external_id": "not-for-any-eye"}))));
    assert!(!format!("{created:?}").contains("not-for-any-eye"));
    let misspelt = updated(json!({}), json!({"externalid": "not-for-any-eye"}));
    assert!(!format!("{misspelt:?}").contains("not-for-any-eye"), "{misspelt:?}");
}
