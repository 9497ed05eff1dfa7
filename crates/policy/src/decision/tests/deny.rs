//! Deny rows, readable or not.

use serde_json::json;

use super::*;

fn deny(mut changes: Value) -> Row {
    changes["effect"] = json!("deny");
    if changes.get("conditions").is_none() {
        changes["conditions"] = json!(null);
    }
    row(changes)
}

fn code(principal: &Principal, rows: &[Row]) -> Option<DenialCode> {
    match ask(principal, rows) {
        Outcome::Granted(_) => None,
        Outcome::Denied(denial) => Some(denial.code()),
    }
}

#[test]
fn wins_over_every_allow_row_from_whichever_scope() {
    for scope in ["project/4711", "namespace/812", "group/nordwind/platform", "group/nordwind", ""] {
        for name in ["deploy", "*"] {
            let denying = wider(scope, json!({"effect": "deny", "name": name, "conditions": null}));
            for rows in [[row(json!({})), denying.clone()], [denying.clone(), row(json!({}))]] {
                assert_eq!(code(&principal(), &rows), Some(DenialCode::ExplicitlyDenied), "{scope} {name}");
            }
        }
    }
}

#[test]
fn tells_no_more_than_that_a_deny_row_applies() {
    let denial = denied(
        &principal(),
        &[row(json!({})), deny(json!({"name": "*", "conditions": {"ref": "mai*"}, "description": "incident 7"}))],
    );
    assert_eq!(denial.message(), "mapping `deploy` is closed to this job by a deny row; ask a platform admin");
    let shown = serde_json::to_value(denial.denials_in_full()).unwrap();
    let expected = json!([{"mapping": "*", "scope": "gitlab.example.com/project/4711", "reason": denial.message()}]);
    assert_eq!(shown, expected);
}

#[test]
fn is_not_made_weaker_by_label_fork_or_age() {
    let fork = principal_with(&[("job_project_id", json!("4000"))]);
    let open = row(json!({"allow_fork_pipelines": true}));
    let denying = deny(json!({"project_path": "somewhere/else", "max_token_age_seconds": 1}));
    assert_eq!(code(&fork, &[open, denying]), Some(DenialCode::ExplicitlyDenied));
}

#[test]
fn denies_only_what_its_conditions_and_its_window_say() {
    let silent = [
        json!({"conditions": {"ref": "feature/*"}}),
        json!({"conditions": {"runner_environment": "**"}}),
        json!({"enabled": false}),
        json!({"mode": "report"}),
        json!({"not_before": NOW + 1}),
        json!({"expires_at": NOW}),
        json!({"name": "other"}),
    ];
    for changes in silent {
        assert_eq!(code(&principal(), &[row(json!({})), deny(changes.clone())]), None, "{changes}");
    }
    for changes in [json!({"conditions": {"ref": "ma**"}}), json!({"not_before": NOW}), json!({"expires_at": NOW + 1})]
    {
        assert_eq!(
            code(&principal(), &[row(json!({})), deny(changes.clone())]),
            Some(DenialCode::ExplicitlyDenied),
            "{changes}"
        );
    }
}

#[test]
fn is_traced_in_report_mode_as_what_it_would_have_done() {
    let grant = granted(&principal(), &[row(json!({})), deny(json!({"mode": "report"}))]);
    let findings: Vec<&Finding> = grant.trace().iter().map(|line| &line.finding).collect();
    assert_eq!(findings, [&Finding::Grants, &Finding::WouldDeny]);
}

#[test]
fn denies_when_it_cannot_be_read_as_much_as_it_could_have() {
    let wide = [
        json!({"effect": "Deny"}),
        json!({"effect": "deny", "typo": 1}),
        json!({"effect": true}),
        json!({"effect": "deny", "name": 7}),
        json!({"effect": "deny", "name": "NOT A NAME"}),
        json!({"effect": "deny", "enabled": "false"}),
        json!({"effect": "deny", "mode": "Report"}),
        json!({"effect": "deny", "expires_at": "yesterday"}),
        json!({"effect": "deny", "conditions": {"ref": "feature/*", "typo": "x"}}),
        json!({"effect": "deny", "conditions": "feature/*"}),
        json!({"effect": "deny", "scope": 4711}),
        json!({"effect": "deny", "scope": null}),
    ];
    for changes in wide {
        let denial = denied(&principal(), &[row(json!({})), row(changes.clone())]);
        assert_eq!(denial.code(), DenialCode::ExplicitlyDenied, "{changes}");
        assert!(denial.trace().iter().any(|line| line.finding == Finding::DeniesUnread), "{changes}");
    }
}

#[test]
fn is_narrowed_when_it_cannot_be_read_by_the_parts_that_read_well() {
    let narrow = [
        json!({"enabled": false}),
        json!({"mode": "report"}),
        json!({"expires_at": NOW}),
        json!({"not_before": NOW + 1}),
        json!({"conditions": {"ref": "feature/*"}}),
        json!({"name": "other"}),
        json!({"scope": "gitlab.example.com/project/1"}),
    ];
    for mut changes in narrow {
        changes["typo"] = json!(1);
        assert_eq!(code(&principal(), &[row(json!({})), deny(changes.clone())]), None, "{changes}");
    }
}

#[test]
fn is_no_deny_row_when_what_cannot_be_read_says_allow() {
    for changes in [
        json!({"typo": 1}),
        json!({"effect": "allow", "typo": 1}),
        json!({"effect": "allow", "name": "*"}),
        json!({"name": 7}),
    ] {
        assert_eq!(code(&principal(), &[row(changes.clone()), wider("", json!({}))]), None, "{changes}");
    }
}
