//! The checks of one allow row, and their order.

use serde_json::json;

use super::*;

#[test]
fn denies_each_kind_of_row_that_is_not_in_force() {
    let cases = [
        ("disabled", json!({"enabled": false}), Finding::Disabled, "mapping `deploy` is switched off"),
        ("not yet", json!({"not_before": NOW + 1}), Finding::NotYetInForce, "mapping `deploy` is not in force yet"),
        ("expired", json!({"expires_at": NOW}), Finding::Expired, "mapping `deploy` has expired"),
    ];
    for (name, changes, finding, reason) in cases {
        let denial = denied(&principal(), &[row(changes)]);
        assert_eq!((denial.code(), &denial.trace()[0].finding), (DenialCode::NoMapping, &finding), "{name}");
        assert_eq!(denial.denials()[0].reason, reason, "{name}");
    }
}

#[test]
fn is_in_force_from_its_first_second_to_its_last() {
    granted(&principal(), &[row(json!({"not_before": NOW, "expires_at": NOW + 1}))]);
}

#[test]
fn carries_how_often_a_token_may_be_used() {
    assert_eq!(granted(&principal(), &[row(json!({}))]).max_uses_per_token(), None);
    assert_eq!(granted(&principal(), &[row(json!({"max_uses_per_token": 3}))]).max_uses_per_token(), Some(3));
}

#[test]
fn cuts_a_long_claim_in_the_sentence_and_says_so() {
    for (length, quoted) in [
        (200, format!("`{}`", "x".repeat(200))),
        (201, format!("`{}…`", "x".repeat(200))),
        (202, format!("`{}…`", "x".repeat(200))),
    ] {
        let job = principal_with(&[("environment", json!("x".repeat(length)))]);
        let denial = denied(&job, &[row(json!({"conditions": {"ref_protected": "true", "environment": "y"}}))]);
        assert!(denial.message().ends_with(&format!("this job presented {quoted}")), "{}", denial.message());
    }
}

#[test]
fn denies_code_from_a_fork_unless_the_row_says_otherwise() {
    let fork = principal_with(&[("job_project_id", json!("4000"))]);
    let denial = denied(&fork, &[row(json!({}))]);
    assert_eq!(denial.code(), DenialCode::ForkPipeline);
    assert_eq!(
        denial.message(),
        "mapping `deploy` is not open to code from a fork: this job presented project 4711, and runs in another project"
    );
    assert_eq!(denial.denials()[0].presented.as_deref(), Some("4711"));
    granted(&fork, &[row(json!({"allow_fork_pipelines": true}))]);
    granted(&principal_with(&[("job_project_id", json!(null))]), &[row(json!({}))]);
}

#[test]
fn denies_a_project_whose_path_is_not_the_one_on_the_label() {
    for label in [
        "nordwind/platform/payments",
        "Nordwind/platform/payments-api",
        "nordwind/platform/payments-api/",
        "nordwind/platform/*",
    ] {
        let denial = denied(&principal(), &[row(json!({"project_path": label}))]);
        assert_eq!(denial.code(), DenialCode::PathChanged, "{label}");
        assert!(!denial.message().contains(&format!("`{label}`")), "{}", denial.message());
        assert_eq!(denial.denials()[0].required(), [label]);
    }
    granted(&principal(), &[row(json!({"project_path": "nordwind/platform/payments-api"}))]);
}

#[test]
fn denies_when_any_claim_of_the_conditions_does_not_match() {
    let cases = [
        ("another value", json!({"ref": "release/*"}), "ref", "requires another `ref`: this job presented `main`"),
        ("none of a list", json!({"ref": ["a", "b"]}), "ref", "requires another `ref`: this job presented `main`"),
        (
            "a missing claim",
            json!({"runner_environment": "**"}),
            "runner_environment",
            "requires `runner_environment`, which this job does not have",
        ),
        (
            "first in table order",
            json!({"user_login": "x", "ref": "y"}),
            "ref",
            "requires another `ref`: this job presented `main`",
        ),
        (
            "a number",
            json!({"runner_id": [87, "89"]}),
            "runner_id",
            "requires another `runner_id`: this job presented `88`",
        ),
        (
            "the issuer",
            json!({"iss": "https://gitlab.com"}),
            "iss",
            "requires another `iss`: this job presented `https://gitlab.example.com`",
        ),
    ];
    for (name, mut conditions, claim, end) in cases {
        conditions["ref_protected"] = json!("true");
        let denial = denied(&principal(), &[row(json!({"conditions": conditions}))]);
        assert_eq!(denial.code(), DenialCode::ConditionsNotMet, "{name}");
        assert_eq!(denial.message(), format!("mapping `deploy` {end}"), "{name}");
        assert_eq!(denial.denials()[0].claim.map(|claim| claim.as_str()), Some(claim), "{name}");
    }
}

#[test]
fn grants_when_every_claim_matches_one_of_its_patterns() {
    let conditions = json!({"ref_protected": "true", "ref": ["release/*", "main"], "environment": "production/*", "user_id": 2301, "runner_id": "88"});
    let grant = granted(&principal(), &[row(json!({"conditions": conditions}))]);
    assert_eq!((grant.mapping().as_str(), grant.terms().duration.default), ("deploy", 3_600));
}

#[test]
fn denies_a_token_older_than_the_row_accepts_and_only_then() {
    let old = |limit| row(json!({"max_token_age_seconds": limit}));
    let denial = denied(&principal(), &[old(59)]);
    assert_eq!(denial.code(), DenialCode::TokenTooOld);
    assert_eq!(
        denial.message(),
        "mapping `deploy` requires a newer token: this one was issued 60 s ago, so ask earlier in the job"
    );
    granted(&principal(), &[old(60)]);
    granted(&principal_with(&[("iat", json!(NOW + 30))]), &[old(1)]);
}

#[test]
fn tells_the_first_check_that_fails_in_a_fixed_order() {
    let fork = principal_with(&[("job_project_id", json!("4000")), ("ref_protected", json!("false"))]);
    let mut changes =
        json!({"enabled": false, "not_before": NOW + 5, "project_path": "other/path", "max_token_age_seconds": 1});
    let mut steps = vec![];
    for (attribute, value) in [
        ("enabled", json!(true)),
        ("not_before", json!(null)),
        ("allow_fork_pipelines", json!(true)),
        ("project_path", json!(null)),
        ("conditions", json!({"ref_protected": "false"})),
        ("max_token_age_seconds", json!(null)),
    ] {
        steps.push(denied(&fork, &[row(changes.clone())]).trace()[0].finding.clone());
        changes[attribute] = value;
        changes["allow_unprotected"] = json!(true);
    }
    assert!(
        matches!(
            steps.as_slice(),
            [
                Finding::Disabled,
                Finding::NotYetInForce,
                Finding::ForkPipeline,
                Finding::PathChanged { .. },
                Finding::ConditionNotMet { .. },
                Finding::TokenTooOld { age_seconds: 60 }
            ]
        ),
        "{steps:?}"
    );
    granted(&fork, &[row(changes)]);
}

#[test]
fn changes_nothing_by_a_row_in_report_mode() {
    let denial = denied(&principal(), &[row(json!({"mode": "report"}))]);
    assert_eq!((denial.code(), denial.denials().len()), (DenialCode::NoMapping, 0));
    assert_eq!(denial.trace()[0].finding, Finding::WouldGrant);
}
