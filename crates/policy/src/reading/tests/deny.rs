//! Deny rows, readable or not.

use serde_json::json;

use super::*;

#[test]
fn does_not_repeat_in_the_log_what_a_deny_row_was_made_of() {
    let text = serde_json::to_value(invalid(&row(json!({"effect": "Deny"})))).unwrap();
    let mut members: Vec<&String> = text.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["faults", "name", "scope", "version"]);
}

#[test]
fn lets_a_deny_row_keep_the_attributes_of_the_allow_row_it_was() {
    let flipped =
        mapping(json!({"effect": "deny", "session_tags": ["ref"], "max_uses_per_token": 1, "project_path": "a/b"}));
    assert!(matches!(flipped.rule, Rule::Deny(DenyRule { routes: None, .. })));
    mapping(json!({"effect": "deny", "name": "*", "role_arn": null, "conditions": null}));
    assert!(matches!(
        valid(&api_row(json!({"effect": "deny"}))),
        Reading::Valid(Mapping { rule: Rule::Deny(DenyRule { routes: Some(_), .. }), .. })
    ));
}

#[test]
fn takes_an_unreadable_deny_row_for_as_wide_as_it_could_have_been() {
    let denies = |changes: Value| invalid(&row(changes)).denies().cloned();
    assert_eq!(denies(json!({"enabled": "no"})), None, "an allow row denies nothing");
    assert_eq!(denies(json!({"effect": "allow", "mode": "off"})), None);
    for effect in [json!("deny"), json!("Deny"), json!("block"), json!(true), json!(["deny"]), json!({"S": "deny"})] {
        assert!(denies(json!({"effect": effect, "mode": "off"})).is_some(), "{effect}");
    }
    let wide = denies(json!({"effect": "Deny", "mode": 1, "enabled": "false", "expires_at": "soon", "conditions": {"ref": "main", "branch": "x"}})).unwrap();
    assert_eq!((wide.when.mode, wide.when.enabled, wide.when.expires_at), (Mode::Enforce, true, None));
    assert_eq!(wide.when.conditions, crate::mapping::Conditions::default());
    let narrow = denies(
        json!({"effect": "Deny", "mode": "report", "enabled": false, "not_before": 5, "conditions": {"ref": "main"}}),
    )
    .unwrap();
    assert_eq!((narrow.when.mode, narrow.when.enabled, narrow.when.not_before), (Mode::Report, false, Some(5)));
    assert_ne!(narrow.when.conditions, crate::mapping::Conditions::default());
    let never = denies(json!({"effect": "deny", "not_before": 9, "expires_at": 5})).unwrap();
    assert_eq!(
        (never.when.not_before, never.when.expires_at),
        (None, None),
        "a window that cannot be would switch it off"
    );
}
