//! What is read, in which spellings, with which defaults.

use serde_json::json;

use super::*;

#[test]
fn reads_ids_numbers_lists_and_times_in_each_harmless_spelling() {
    let by_number = mapping(
        json!({"conditions": {"ref_protected": ["true"], "user_id": 2301}, "duration_seconds": 1800, "version": 7}),
    );
    let by_text = mapping(
        json!({"conditions": {"ref_protected": "true", "user_id": ["2301"]}, "duration_seconds": "1800", "version": "7"}),
    );
    assert_eq!(by_number, by_text);
    let tags = ["pipeline_id", "ref"];
    assert_eq!(role_terms(json!({"session_tags": tags})).via, role_terms(json!({"session_tags": tags})).via);
    for (spelling, seconds) in [
        (json!(1_790_000_000), 1_790_000_000),
        (json!("1790000000"), 1_790_000_000),
        (json!("2026-09-21T14:13:20Z"), 1_790_000_000),
        (json!("2026-09-21T16:13:20.5+02:00"), 1_790_000_000),
    ] {
        assert_eq!(allow(json!({"expires_at": spelling})).when.expires_at, Some(seconds), "{spelling}");
    }
    for (spelling, seconds) in [
        (json!("2026-12-30"), 1_798_675_200),
        (json!("2026-12-31T00:00:00Z"), 1_798_675_200),
        (json!(1_790_000_000), 1_790_000_000),
    ] {
        let row = row(json!({"review_by": spelling}));
        valid(&row);
        assert_eq!(review_by(&row), Some(seconds), "{spelling}");
    }
    mapping(json!({"session_tags": "ref", "policy_arns": "arn:aws:iam::aws:policy/ReadOnlyAccess"}));
}

#[test]
fn reads_a_policy_from_an_object_or_its_text_to_the_same_document() {
    let policy =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]});
    let from_object = role_terms(json!({"session_policy": policy}));
    assert_eq!(from_object, role_terms(json!({"session_policy": serde_json::to_string_pretty(&policy).unwrap()})));
}

#[test]
fn fills_in_the_defaults_of_the_contract() {
    let rule = allow(json!({}));
    assert_eq!((rule.when.mode, rule.when.enabled, rule.allow_fork_pipelines), (Mode::Enforce, true, false));
    let cases = [
        (json!({}), (3_600, 3_600)),
        (json!({"duration_seconds": 900}), (900, 900)),
        (json!({"max_duration_seconds": 1_800}), (1_800, 1_800)),
        (json!({"duration_seconds": 900, "max_duration_seconds": 1_800}), (900, 1_800)),
        (json!({"via": "web_identity"}), (3_600, 3_600)),
        (json!({"via": "web_identity", "max_duration_seconds": 43_200}), (3_600, 43_200)),
        (json!({"via": "web_identity", "duration_seconds": 7_200}), (7_200, 7_200)),
    ];
    for (changes, (default, longest)) in cases {
        let duration = role_terms(changes.clone()).duration;
        assert_eq!((duration.default, duration.longest), (default, longest), "{changes}");
    }
}

#[test]
fn reads_every_attribute_of_the_contract() {
    let full = json!({
        "effect": "allow", "mode": "report", "project_path": "nordwind/platform/payments-api", "allow_fork_pipelines": true,
        "session_tags": ["ref", "project_path"], "transitive_tag_keys": ["gitlab_project_id", "gitlab_ref"], "external_id": "ext:1/2",
        "source_identity": "user_login", "max_token_age_seconds": "300", "max_uses_per_token": 3, "enabled": false, "not_before": 1,
        "expires_at": 2, "owner": "platform", "description": "", "review_by": "2026-12-31", "change_ref": "!12", "updated_by": "mlind",
        "managed_by": "console", "version": 4, "via": "assume_role", "policy_arns": ["arn:aws:iam::111122223333:policy/team/x"],
    });
    let mapping = mapping(full.clone());
    assert_eq!(mapping.version.as_deref(), Some("4"));
    let Via::AssumeRole(terms) = role_terms(full).via else { panic!("is a web identity") };
    assert_eq!(terms.source_identity, Some(SourceIdentity::UserLogin));
    assert_eq!(terms.transitive_tag_keys, ["gitlab_project_id", "gitlab_ref"]);
}

#[test]
fn takes_no_word_of_a_label_for_an_effect() {
    for label in ["owner", "description", "change_ref", "project_path", "external_id"] {
        assert_eq!(mapping(json!({label: "deny"})).effect(), crate::mapping::Effect::Allow, "{label}");
    }
}
