mod deny;
mod entitlement;
mod properties;
mod row;
mod spelling;
mod survey;

use serde_json::{Value, json};

use super::*;
use crate::reading::{Row, read};
use crate::test_support::{NOW, feature_branch, principal, principal_with, row};

fn readings(rows: &[Row]) -> Vec<Reading> {
    rows.iter().map(read).collect()
}

fn ask(principal: &Principal, rows: &[Row]) -> Outcome {
    decide(principal, &readings(rows), &MappingName::parse("deploy").unwrap(), NOW)
}

fn granted(principal: &Principal, rows: &[Row]) -> Grant {
    match ask(principal, rows) {
        Outcome::Granted(grant) => grant,
        Outcome::Denied(denial) => panic!("denied: {denial:?}"),
    }
}

fn denied(principal: &Principal, rows: &[Row]) -> Denial {
    match ask(principal, rows) {
        Outcome::Denied(denial) => denial,
        Outcome::Granted(grant) => panic!("granted: {grant:?}"),
    }
}

/// The row `deploy` of a wider scope: `namespace/812`, `group/nordwind`, or nothing for the issuer.
fn wider(scope: &str, mut changes: Value) -> Row {
    let scope = if scope.is_empty() { "gitlab.example.com".to_owned() } else { format!("gitlab.example.com/{scope}") };
    changes["scope"] = json!(scope);
    row(changes)
}

#[test]
fn denies_when_there_is_no_row() {
    let denial = denied(&principal(), &[]);
    assert_eq!((denial.code(), denial.denials().len(), denial.trace().len()), (DenialCode::NoMapping, 0, 0));
    assert_eq!(
        denial.message(),
        "no mapping `deploy` is in force for project 4711 (`nordwind/platform/payments-api`); check the name, or ask a platform admin for one"
    );
}

#[test]
fn writes_every_code_as_the_contract_has_it() {
    use DenialCode::{ConditionsNotMet, ExplicitlyDenied, ForkPipeline, NoMapping, PathChanged, TokenTooOld};

    let codes = [NoMapping, ExplicitlyDenied, ForkPipeline, PathChanged, ConditionsNotMet, TokenTooOld];
    let written =
        ["no_mapping", "explicitly_denied", "fork_pipeline", "path_changed", "conditions_not_met", "token_too_old"];
    assert_eq!(codes.map(DenialCode::as_str), written);
}

#[test]
fn gives_a_broken_row_that_names_nothing_no_say_unless_it_may_deny() {
    let rows = [row(json!({"effect": "allow", "name": "*"})), row(json!({"effect": "allow", "name": "Not A Name"}))];
    let denial = denied(&principal(), &rows);
    assert_eq!((denial.code(), denial.trace().len()), (DenialCode::NoMapping, 0));
    let denial = denied(&principal(), &[row(json!({"effect": "deny", "name": "Not A Name"}))]);
    assert_eq!((denial.code(), denial.trace().len()), (DenialCode::ExplicitlyDenied, 1));
}

#[test]
fn puts_a_row_whose_scope_cannot_be_read_behind_all_others() {
    let rows = [row(json!({"scope": "GitLab.example.com"})), wider("", json!({})), row(json!({}))];
    let denial = denied(&feature_branch(), &rows);
    let scopes: Vec<&str> = denial.trace().iter().map(|line| line.scope.as_str()).collect();
    assert_eq!(scopes, ["gitlab.example.com/project/4711", "gitlab.example.com", "GitLab.example.com"]);
}

#[test]
fn gives_rows_of_other_scopes_and_other_names_no_say() {
    let strangers = [
        "gitlab.example.com/project/4712",
        "gitlab.example.com/project/471",
        "gitlab.example.com/project/47110",
        "gitlab.example.com/namespace/4711",
        "gitlab.example.com/namespace/81",
        "gitlab.example.com/group/nordwind/plat",
        "gitlab.example.com/group/nordwind/platform/payments-api",
        "gitlab.example.com/group/Nordwind",
        "gitlab.example.com/group/platform",
        "gitlab.example.com:8443",
        "gitlab.example.org",
        "evil.example.com/project/4711",
        "example.com/project/4711",
    ];
    for scope in strangers {
        for effect in ["allow", "deny"] {
            let denial = denied(&principal(), &[row(json!({"scope": scope, "effect": effect}))]);
            assert_eq!((denial.code(), denial.trace().len()), (DenialCode::NoMapping, 0), "{scope} {effect}");
        }
    }
    let denial =
        denied(&principal(), &[row(json!({"name": "deploy2"})), row(json!({"name": "deploy2", "effect": "deny"}))]);
    assert!(denial.trace().is_empty());
}

#[test]
fn knows_no_role_by_a_name_that_is_for_the_authorizer() {
    let rows = readings(&[crate::test_support::api_row(json!({}))]);
    for job in [principal(), feature_branch()] {
        let outcome = decide(&job, &rows, &MappingName::parse("api.reports").unwrap(), NOW);
        assert!(outcome.trace().is_empty());
        assert!(matches!(outcome, Outcome::Denied(denial) if denial.code() == DenialCode::NoMapping));
    }
}

#[test]
fn denies_by_an_unreadable_row_like_by_none_and_leaves_the_others_alone() {
    let broken = row(json!({"role_arn": "not an ARN"}));
    let denial = denied(&principal(), std::slice::from_ref(&broken));
    assert_eq!(denial.code(), DenialCode::NoMapping);
    assert_eq!(
        denial.denials()[0].reason,
        "mapping `deploy` has a row that cannot be read; a platform admin finds what is wrong in the log"
    );
    let grant = granted(&principal(), &[broken, wider("namespace/812", json!({}))]);
    assert_eq!(grant.scope().as_str(), "gitlab.example.com/namespace/812");
    assert_eq!(grant.trace()[0].finding, Finding::Invalid);
}

#[test]
fn uses_the_most_specific_row_that_applies_whatever_their_order() {
    let mut rows = vec![
        wider("", json!({"version": "issuer"})),
        wider("group/nordwind", json!({"version": "group"})),
        wider("group/nordwind/platform", json!({"version": "subgroup"})),
        wider("namespace/812", json!({"version": "namespace"})),
        wider("project/4711", json!({"version": "project"})),
    ];
    for version in ["project", "namespace", "subgroup", "group", "issuer"] {
        assert_eq!(granted(&principal(), &rows).version(), Some(version));
        rows.reverse();
        assert_eq!(granted(&principal(), &rows).version(), Some(version));
        rows.reverse();
        rows.pop();
    }
}

#[test]
fn grants_by_a_wider_row_when_the_narrower_one_does_not_apply() {
    let narrow = row(json!({"conditions": {"ref_protected": "true", "ref": "release/*"}}));
    let grant = granted(&principal(), &[wider("", json!({})), narrow]);
    assert_eq!(grant.scope().as_str(), "gitlab.example.com");
    let findings: Vec<&Finding> = grant.trace().iter().map(|line| &line.finding).collect();
    assert!(matches!(findings.as_slice(), [Finding::ConditionNotMet { .. }, Finding::Grants]));
}

#[test]
fn tells_the_code_of_the_most_specific_row_in_force() {
    let rows = [
        row(json!({"enabled": false})),
        wider("namespace/812", json!({"project_path": "nordwind/old"})),
        wider("", json!({})),
    ];
    let denial = denied(&feature_branch(), &rows);
    assert_eq!(denial.code(), DenialCode::PathChanged);
    let scopes: Vec<&str> = denial.denials().iter().map(|reason| reason.scope.as_str()).collect();
    assert_eq!(scopes, ["gitlab.example.com/project/4711", "gitlab.example.com/namespace/812", "gitlab.example.com"]);
}

#[test]
fn shows_a_caller_its_own_claims_and_the_patterns_only_in_full() {
    let conditions = json!({"ref_protected": "true", "ref": ["main", "secret-branch"]});
    let job = principal_with(&[("ref", json!("other")), ("ref_path", json!("refs/heads/other"))]);
    let denial = denied(&job, &[row(json!({"conditions": conditions}))]);
    let own = serde_json::to_value(denial.denials()).unwrap();
    let reason = "mapping `deploy` requires another `ref`: this job presented `other`";
    let expected = json!([{"mapping": "deploy", "scope": "gitlab.example.com/project/4711", "claim": "ref", "presented": "other", "reason": reason}]);
    assert_eq!(own, expected);
    assert_eq!(denial.message(), reason);
    assert!(!serde_json::to_string(denial.trace()).unwrap().contains("secret-branch"));
    let full = serde_json::to_value(denial.denials_in_full()).unwrap();
    assert_eq!(full[0]["required"], json!(["main", "secret-branch"]));
    assert_eq!(full[0]["presented"], json!("other"));
}

#[test]
fn writes_trace_lines_for_the_audit() {
    let denial = denied(
        &feature_branch(),
        &[row(json!({"version": 4})), wider("", json!({"mode": "report", "effect": "deny"}))],
    );
    let trace = serde_json::to_value(denial.trace()).unwrap();
    let expected = json!([
        {"scope": "gitlab.example.com/project/4711", "name": "deploy", "version": "4", "effect": "allow", "mode": "enforce",
         "outcome": "condition_not_met", "claim": "ref_protected", "presented": "false"},
        {"scope": "gitlab.example.com", "name": "deploy", "effect": "deny", "mode": "report",
         "outcome": "condition_not_met", "claim": "ref_protected", "presented": "false"},
    ]);
    assert_eq!(trace, expected);
}

#[test]
fn cuts_long_claims_and_keeps_control_characters_out_of_sentences() {
    let environment = format!("prod\n\u{1b}[31m{}", "x".repeat(500));
    let job = principal_with(&[("environment", json!(environment))]);
    let denial = denied(&job, &[row(json!({"conditions": {"ref_protected": "true", "environment": "p"}}))]);
    assert!(!denial.message().contains(char::is_control), "{}", denial.message());
    assert!(denial.message().chars().count() < 300);
    assert_eq!(denial.denials()[0].presented.as_deref(), Some(environment.as_str()));
}
