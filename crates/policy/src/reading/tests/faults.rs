//! What makes a row invalid.

use serde_json::json;

use super::*;

#[test]
fn refuses_attributes_and_claims_it_does_not_know() {
    for attribute in
        ["condition", "Conditions", "role", "role-arn", "effekt", "ttl", "expiresAt", "", "allow_fork_pipeline"]
    {
        assert_eq!(faults(json!({attribute: "x"})), [attribute]);
    }
    for claim in ["branch", "REF", "ref ", "groups_direct", "user_identities", "aud", "exp", "iat", "job_config"] {
        let conditions = json!({"ref_protected": "true", claim: "x"});
        assert_eq!(faults(json!({"conditions": conditions})), [format!("conditions.{claim}")]);
    }
}

#[test]
fn tells_a_claim_that_is_none_from_one_that_cannot_be_a_condition() {
    for (claim, reason) in [
        ("branch", "is not a claim of a GitLab ID token"),
        ("groups_direct", "is a claim on which no condition may rest"),
    ] {
        let invalid = invalid(&row(json!({"conditions": {"ref_protected": "true", claim: "x"}})));
        assert_eq!(invalid.faults.iter().map(|fault| fault.reason.as_str()).collect::<Vec<_>>(), [reason]);
    }
}

#[test]
fn reads_a_policy_of_the_size_that_sts_takes_and_none_that_is_larger() {
    let of_size = |size: usize| {
        let statement = |id: &str| json!({"Statement": {"Sid": id, "Effect": "Deny", "Action": "*", "Resource": "*"}});
        let rest = statement("").to_string().len();
        json!({"session_policy": statement(&"x".repeat(size - rest))})
    };
    mapping(of_size(2_048));
    assert_eq!(faults(of_size(2_049)), ["session_policy"]);
}

#[test]
fn refuses_null_wherever_it_stands() {
    let known = [
        "scope",
        "name",
        "effect",
        "mode",
        "role_arn",
        "conditions",
        "project_path",
        "allow_unprotected",
        "allow_fork_pipelines",
        "duration_seconds",
        "max_duration_seconds",
        "via",
        "session_policy",
        "policy_arns",
        "session_tags",
        "transitive_tag_keys",
        "external_id",
        "source_identity",
        "max_token_age_seconds",
        "max_uses_per_token",
        "enabled",
        "not_before",
        "expires_at",
        "owner",
        "description",
        "review_by",
        "change_ref",
        "updated_by",
        "managed_by",
        "version",
        "routes",
        "usage_plan_key",
    ];
    for attribute in known {
        let mut row = row(json!({}));
        row.insert(attribute.to_owned(), Value::Null);
        assert!(
            invalid(&row).faults.iter().any(|fault| fault.attribute == attribute && fault.reason.contains("null")),
            "{attribute}"
        );
    }
    assert!(
        faults(json!({"conditions": {"ref_protected": "true", "ref": null}})).contains(&"conditions.ref".to_owned())
    );
    assert!(
        faults(json!({"conditions": {"ref_protected": ["true", null]}}))
            .contains(&"conditions.ref_protected[1]".to_owned())
    );
}

#[test]
fn refuses_each_attribute_in_every_wrong_type_or_form() {
    let cases: &[(&str, Value)] = &[
        ("effect", json!(["allow"])),
        ("effect", json!("Allow")),
        ("effect", json!(true)),
        ("effect", json!("")),
        ("mode", json!("reporting")),
        ("mode", json!(1)),
        ("mode", json!("Enforce")),
        ("scope", json!("https://gitlab.example.com")),
        ("scope", json!(4711)),
        ("scope", json!("gitlab.example.com/project/x")),
        ("name", json!("Deploy")),
        ("name", json!("")),
        ("name", json!(7)),
        ("name", json!(["deploy"])),
        ("role_arn", json!("deploy")),
        ("role_arn", json!(["arn:aws:iam::111122223333:role/x"])),
        ("role_arn", json!("arn:aws:iam::111122223333:role/{ref}")),
        ("project_path", json!(["a/b"])),
        ("project_path", json!("")),
        ("project_path", json!(7)),
        ("allow_unprotected", json!("true")),
        ("allow_fork_pipelines", json!("true")),
        ("allow_fork_pipelines", json!(1)),
        ("enabled", json!("false")),
        ("enabled", json!(0)),
        ("enabled", json!("")),
        ("duration_seconds", json!(899)),
        ("duration_seconds", json!(3601)),
        ("duration_seconds", json!(1800.5)),
        ("duration_seconds", json!(-900)),
        ("duration_seconds", json!("1h")),
        ("duration_seconds", json!("")),
        ("duration_seconds", json!("+900")),
        ("duration_seconds", json!([900])),
        ("duration_seconds", json!(true)),
        ("max_duration_seconds", json!(43_200)),
        ("max_duration_seconds", json!("3600 ")),
        ("via", json!("saml")),
        ("via", json!(1)),
        ("policy_arns", json!([])),
        ("policy_arns", json!("AdministratorAccess")),
        ("policy_arns", json!(["arn:aws:iam::999988887777:policy/other-account"])),
        ("policy_arns", json!(["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"])),
        ("policy_arns", json!([{"arn": 1}])),
        ("policy_arns", json!(["arn:aws:iam::aws:policy/a b"])),
        ("policy_arns", json!(["arn:aws:iam::aws:policy/a//b"])),
        ("policy_arns", json!(["arn:aws:iam::aws:policy/"])),
        ("policy_arns", json!(tags("p", 11))),
        ("policy_arns", json!(["arn:aws:iam::aws:policy/a", "arn:aws:iam::aws:policy/a"])),
        ("session_tags", json!(["made_up"])),
        ("session_tags", json!(["gitlab_ref"])),
        ("session_tags", json!([])),
        ("session_tags", json!({"ref": true})),
        ("session_tags", json!(["ref", "ref"])),
        ("transitive_tag_keys", json!(["gitlab_ref"])),
        ("transitive_tag_keys", json!(["project_id"])),
        ("external_id", json!("x")),
        ("external_id", json!("a b")),
        ("external_id", json!(42)),
        ("source_identity", json!("user")),
        ("source_identity", json!("user_email")),
        ("max_token_age_seconds", json!(0)),
        ("max_token_age_seconds", json!("soon")),
        ("max_uses_per_token", json!(0)),
        ("max_uses_per_token", json!(1.5)),
        ("max_uses_per_token", json!(101)),
        ("not_before", json!("tomorrow")),
        ("not_before", json!(-1)),
        ("expires_at", json!("2026-12-31")),
        ("expires_at", json!("")),
        ("expires_at", json!(1.5)),
        ("expires_at", json!([1])),
        ("expires_at", json!("1969-12-31T23:59:59Z")),
        ("owner", json!(["a"])),
        ("description", json!(7)),
        ("review_by", json!("next year")),
        ("review_by", json!("2026-13-01")),
        ("change_ref", json!({})),
        ("updated_by", json!(false)),
        ("managed_by", json!(1)),
        ("version", json!([1])),
        ("version", json!(1.5)),
        ("session_policy", json!("not json")),
        ("session_policy", json!([])),
        ("session_policy", json!({})),
        ("session_policy", json!({"Version": "2012-10-17"})),
        ("session_policy", json!({"Statement": []})),
        ("session_policy", json!({"Statement": ["x"]})),
        ("session_policy", json!({"Statement": "x"})),
        ("session_policy", json!({"statement": {"Effect": "Deny"}})),
        ("session_policy", json!({"Version": "2012-10-18", "Statement": {}})),
        ("session_policy", json!({"Statement": {"Sid": "snow\u{2603}"}})),
        ("session_policy", json!({"Statement": {"Sid": "x".repeat(2_100)}})),
        ("conditions", json!("ref_protected")),
        ("conditions", json!(["ref_protected"])),
        ("routes", json!(["GET /x"])),
        ("usage_plan_key", json!("k".repeat(20))),
    ];
    for (attribute, value) in cases {
        let found = faults(json!({*attribute: value}));
        assert!(
            found.iter().all(|path| path.starts_with(attribute)) && !found.is_empty(),
            "{attribute} {value}: {found:?}"
        );
    }
}

#[test]
fn refuses_patterns_that_are_empty_or_no_text() {
    for pattern in [
        json!(""),
        json!([]),
        json!([""]),
        json!(true),
        json!([["a"]]),
        json!({"a": 1}),
        json!("***"),
        json!(1.5),
        json!(-1),
        json!(["a", "a"]),
    ] {
        let conditions = json!({"ref_protected": "true", "ref": pattern});
        let found = faults(json!({"conditions": conditions}));
        assert!(found.iter().any(|path| path.starts_with("conditions.ref")), "{conditions}: {found:?}");
    }
    assert!(faults(json!({"conditions": {}})).contains(&"conditions".to_owned()));
}

#[test]
fn refuses_an_allow_row_that_an_unprotected_job_could_use() {
    let unprotected = [
        json!(null),
        json!({"ref": "main"}),
        json!({"ref_protected": "false"}),
        json!({"ref_protected": "*"}),
        json!({"ref_protected": "**"}),
        json!({"ref_protected": "tru*"}),
        json!({"ref_protected": ["true", "false"]}),
        json!({"ref_protected": "True"}),
        json!({"environment_protected": ["true", "*"]}),
        json!({"environment": "production"}),
    ];
    for conditions in unprotected {
        assert_eq!(faults(json!({"conditions": conditions})), ["conditions"], "{conditions}");
        assert_eq!(
            invalid(&api_row(json!({"conditions": conditions}))).faults[0].attribute,
            "conditions",
            "{conditions}"
        );
        mapping(json!({"conditions": conditions, "allow_unprotected": true}));
    }
    assert_eq!(faults(json!({"conditions": null, "allow_unprotected": false})), ["conditions"]);
    mapping(json!({"conditions": {"environment_protected": ["true"]}}));
}

#[test]
fn refuses_what_does_not_go_together() {
    let cases = [
        ("no role", json!({"role_arn": null}), "role_arn"),
        ("no name", json!({"name": null}), "name"),
        ("no scope", json!({"scope": null}), "scope"),
        ("default above maximum", json!({"duration_seconds": 3600, "max_duration_seconds": 1800}), "duration_seconds"),
        ("tags with a web identity", json!({"via": "web_identity", "session_tags": ["ref"]}), "session_tags"),
        (
            "transitive keys with a web identity",
            json!({"via": "web_identity", "transitive_tag_keys": ["gitlab_job_id"]}),
            "transitive_tag_keys",
        ),
        ("external id with a web identity", json!({"via": "web_identity", "external_id": "abc"}), "external_id"),
        (
            "source identity with a web identity",
            json!({"via": "web_identity", "source_identity": "job"}),
            "source_identity",
        ),
        (
            "longer than a web identity may be",
            json!({"via": "web_identity", "max_duration_seconds": 43_201}),
            "max_duration_seconds",
        ),
        ("expiry before the start", json!({"not_before": 200, "expires_at": 100}), "expires_at"),
        ("expiry at the start", json!({"not_before": 100, "expires_at": 100}), "expires_at"),
        ("a star that allows", json!({"effect": "allow", "name": "*"}), "name"),
        ("a star without effect", json!({"name": "*"}), "effect"),
        (
            "policies too large together",
            json!({"policy_arns": (0..10).map(|n| format!("arn:aws:iam::aws:policy/{n}{}", "p".repeat(190))).collect::<Vec<_>>()}),
            "session_policy",
        ),
    ];
    for (name, changes, attribute) in cases {
        assert_eq!(faults(changes), [attribute], "{name}");
    }
}

#[test]
fn refuses_a_role_on_an_api_row_and_routes_that_are_none() {
    let cases = [
        (json!({"role_arn": "arn:aws:iam::111122223333:role/x"}), "role_arn"),
        (json!({"via": "assume_role"}), "via"),
        (json!({"max_uses_per_token": 1}), "max_uses_per_token"),
        (json!({"session_tags": ["ref"]}), "session_tags"),
        (json!({"routes": null}), "routes"),
        (json!({"routes": []}), "routes"),
        (json!({"routes": "reports"}), "routes"),
        (json!({"routes": ["GET /x", "GET x"]}), "routes[1]"),
        (json!({"routes": [7]}), "routes[0]"),
        (json!({"routes": {"GET": "/x"}}), "routes"),
        (json!({"routes": ["GET /x", "GET /x"]}), "routes[1]"),
        (json!({"usage_plan_key": "short"}), "usage_plan_key"),
        (json!({"usage_plan_key": 7}), "usage_plan_key"),
    ];
    for (changes, attribute) in cases {
        assert_eq!(invalid(&api_row(changes.clone())).faults[0].attribute, attribute, "{changes}");
    }
}

#[test]
fn names_every_fault_of_a_row_at_once_with_its_key() {
    let broken = row(
        json!({"role_arn": "x", "mode": "off", "enabled": "no", "conditons": {}, "duration_seconds": 60, "version": 3}),
    );
    let invalid = invalid(&broken);
    let mut attributes: Vec<&str> = invalid.faults.iter().map(|fault| fault.attribute.as_str()).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["conditons", "duration_seconds", "enabled", "mode", "role_arn"]);
    assert_eq!(
        (invalid.scope.as_deref(), invalid.name.as_deref()),
        (Some("gitlab.example.com/project/4711"), Some("deploy"))
    );
    assert_eq!(invalid.version.as_deref(), Some("3"));
}

#[test]
fn finds_a_fault_in_every_row_of_any_shape_that_it_does_not_take() {
    let blames_something = |row: &Row| read(row).invalid().is_none_or(|invalid| !invalid.faults.is_empty());
    let shapes = [
        json!(null),
        json!(""),
        json!("\u{0}"),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(true),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"": null}),
        json!("é".repeat(3_000)),
    ];
    let names: Vec<String> = row(json!({}))
        .keys()
        .cloned()
        .chain(["effect", "mode", "routes", "session_policy", "policy_arns", "version", "review_by"].map(str::to_owned))
        .collect();
    for name in &names {
        for shape in &shapes {
            let mut row = row(json!({"effect": "deny"}));
            row.insert(name.clone(), shape.clone());
            assert!(blames_something(&row), "{row:?}");
            row.remove("effect");
            row.insert(name.clone(), shape.clone());
            assert!(blames_something(&row), "{row:?}");
        }
    }
    assert!(read(&Row::new()).invalid().is_some() && blames_something(&Row::new()));
}

#[test]
fn says_how_many_uses_of_a_token_can_be_counted() {
    assert_eq!(role_terms(json!({"max_uses_per_token": 100})).max_uses_per_token, Some(100));
    let invalid = invalid(&row(json!({"max_uses_per_token": 101})));
    assert_eq!(invalid.faults[0].reason, "must be a whole number from 1 to 100");
}
