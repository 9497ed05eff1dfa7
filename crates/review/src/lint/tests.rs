//! Each rule: what it finds, and the good row of `test_support`, of which nothing is found.

mod dead;
mod patterns;
mod role;
mod time;

use serde_json::{Value, json};

use super::*;
use crate::test_support::{DAY, NOW, row};

fn findings(rows: &[Row]) -> Vec<LintFinding> {
    lint(rows, &LintOptions::default(), NOW)
}

/// Rules and severities of the findings about one row.
fn found(changes: Value) -> Vec<(&'static str, Severity)> {
    findings(&[row(changes)]).iter().map(|finding| (finding.rule.as_str(), finding.severity)).collect()
}

#[track_caller]
fn assert_found(changes: Value, rule: LintRule, severity: Severity) {
    let found = found(changes.clone());
    assert!(found.contains(&(rule.as_str(), severity)), "{changes}: {found:?}");
}

#[track_caller]
fn assert_not_found(changes: Value, rule: LintRule) {
    let found = found(changes.clone());
    assert!(!found.iter().any(|(found, _)| *found == rule.as_str()), "{changes}: {found:?}");
}

#[test]
fn finds_nothing_in_a_good_row() {
    assert_eq!(findings(&[row(json!({}))]), []);
    let routes =
        json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": ["GET /reports/*"]});
    assert_eq!(findings(&[row(routes)]), []);
}

#[test]
fn finds_every_fault_of_a_row_that_cannot_be_read_and_says_where() {
    let faulty = row(json!({"condition": {"ref": "main"}, "duration_seconds": 10, "role_arn": null}));
    let all = findings(&[faulty]);
    let places: Vec<_> = all.iter().filter_map(|finding| finding.attribute.as_deref()).collect();
    assert_eq!(places, ["condition", "role_arn", "duration_seconds"]);
    assert!(all.iter().all(|finding| (finding.rule, finding.severity) == (LintRule::InvalidRow, Severity::Error)));
    assert!(all[0].why.contains("grants nothing"), "{}", all[0].why);
}

#[test]
fn says_that_an_unreadable_deny_row_keeps_everyone_out() {
    let all = findings(&[row(json!({"effect": "Deny"}))]);
    assert!(all[0].why.contains("keeps every job out"), "{}", all[0].why);
    let all = findings(&[row(json!({"effect": "Deny", "name": 7}))]);
    assert!(all[0].name.is_empty() && all[0].why.contains("under every name"), "{}", all[0].why);
}

#[test]
fn finds_two_rows_of_one_key_readable_or_not() {
    let all = findings(&[row(json!({})), row(json!({"typo": 1})), row(json!({"name": "other"}))]);
    let duplicates = all.iter().filter(|finding| finding.rule == LintRule::DuplicateKey);
    assert_eq!(duplicates.map(|finding| finding.name.as_str()).collect::<Vec<_>>(), ["deploy", "deploy"]);
}

#[test]
fn finds_in_one_row_what_it_finds_in_a_table_of_it() {
    for changes in
        [json!({}), json!({"typo": 1}), json!({"owner": null, "conditions": {"ref": "*"}, "allow_unprotected": true})]
    {
        let row = row(changes);
        let alone = lint_row(&row, &LintOptions::default(), NOW);
        assert_eq!(alone, findings(std::slice::from_ref(&row)));
    }
}

#[test]
fn names_every_rule_once_in_kebab_case() {
    let mut names: Vec<&str> = LintRule::ALL.iter().map(|rule| rule.as_str()).collect();
    assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), LintRule::ALL.len());
}

#[test]
fn writes_a_finding_as_json_with_its_stable_names() {
    let finding = findings(&[row(json!({"owner": null}))]).remove(0);
    let expected = json!({
        "rule": "no-owner", "severity": "warning", "scope": "gitlab.example.com/project/4711", "name": "deploy",
        "attribute": "owner", "why": finding.why, "remedy": finding.remedy,
    });
    assert_eq!(serde_json::to_value(&finding).unwrap(), expected);
}
