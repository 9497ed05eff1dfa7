use serde_json::{Value, json};

use super::*;
use crate::recorded::RecordedDecision;
use crate::test_support::{DAY, NOW, audit_line, refused, row};

fn of(rows: &[Row], lines: &[Value]) -> Report {
    let mut observed = Observations::default();
    for changes in lines {
        observed.add(&RecordedDecision::parse(&audit_line(changes.clone())).unwrap());
    }
    report(rows, observed, NOW)
}

fn names(notes: &[RowNote]) -> Vec<&str> {
    notes.iter().map(|note| note.row.name.as_str()).collect()
}

fn due(rows: &[DueRow]) -> Vec<(&str, bool)> {
    rows.iter().map(|row| (row.row.name.as_str(), row.overdue)).collect()
}

fn finding(name: &str, outcome: &str) -> Value {
    json!({"scope": "gitlab.example.com/project/4711", "name": name, "effect": "allow", "mode": "enforce", "outcome": outcome})
}

#[test]
fn finds_rows_in_force_that_no_decision_used() {
    let api = json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": ["GET /x"]});
    let rows = [
        row(json!({})),
        row(json!({"name": "never"})),
        row(json!({"name": "wider"})),
        row(api.clone()),
        row(json!({"name": "off", "enabled": false})),
        row(json!({"name": "old", "expires_at": NOW})),
        row(json!({"name": "log", "mode": "report"})),
    ];
    let lines = [
        json!({"trace": [finding("deploy", "grants"), finding("wider", "grants")]}),
        json!({"function": "authorizer", "asked_for": "GET /x", "trace": [finding("api.reports", "grants")]}),
    ];
    assert_eq!(names(&of(&rows, &lines).unused), ["never", "wider"]);
}

#[test]
fn says_of_no_row_that_it_is_unused_when_nothing_was_observed() {
    let report = of(&[row(json!({}))], &[]);
    assert_eq!((report.unused, report.period, report.decisions), (vec![], None, 0));
}

#[test]
fn lists_what_is_due_with_the_earliest_first() {
    let rows = [
        row(json!({"name": "later", "expires_at": NOW + 15 * DAY})),
        row(json!({"name": "soon", "expires_at": NOW + 14 * DAY})),
        row(json!({"name": "over", "expires_at": NOW})),
        row(json!({"name": "unreviewed", "review_by": NOW - DAY})),
        row(json!({"name": "near", "review_by": NOW + DAY})),
    ];
    let report = of(&rows, &[]);
    assert_eq!(due(&report.expiring), [("over", true), ("soon", false)]);
    assert_eq!(due(&report.review_due), [("unreviewed", true), ("near", false)]);
    assert_eq!(due(&report.temporary), [("soon", false), ("later", false)], "what has ended is not in force");
}

#[test]
fn shows_deny_rows_in_force_and_rows_that_cannot_be_read() {
    let rows = [
        row(json!({"name": "*", "effect": "deny", "conditions": null})),
        row(json!({"name": "log", "effect": "deny", "mode": "report"})),
        row(json!({"name": "bad", "typo": 1})),
    ];
    let report = of(&rows, &[json!({"code": "explicitly_denied", "mapping": null, "trace": [finding("*", "denies")]})]);
    assert_eq!(
        report.closed.iter().map(|note| (note.row.name.as_str(), note.note.as_str())).collect::<Vec<_>>(),
        [("*", "denied 1 decision")]
    );
    assert_eq!(report.invalid[0].note, "`typo` is not an attribute of a role mapping");
}

#[test]
fn counts_what_rows_in_report_mode_would_have_done() {
    let rows = [row(json!({"name": "new", "mode": "report"})), row(json!({"name": "quiet", "mode": "report"}))];
    let mut line = refused("no_mapping");
    line["trace"] = json!([finding("new", "would_grant")]);
    let mut repeat = line.clone();
    repeat["repeat"] = json!(true);
    let report = of(&rows, &[line.clone(), line, repeat]);
    let told: Vec<(&str, u64, bool)> =
        report.report_mode.iter().map(|row| (row.row.name.as_str(), row.would_grant, row.ready)).collect();
    assert_eq!(told, [("new", 2, true), ("quiet", 0, false)]);
    assert_eq!(report.decisions, 3);
}

#[test]
fn shows_projects_that_came_with_another_path() {
    let mut line = refused("path_changed");
    line["project_path"] = json!("nordwind/renamed");
    line["trace"] = json!([finding("deploy", "path_changed")]);
    let report = of(&[row(json!({}))], &[line.clone(), line]);
    let [renamed] = report.renamed.try_into().unwrap();
    assert_eq!(
        (renamed.row.name.as_str(), renamed.project.path.as_str(), renamed.count),
        ("deploy", "nordwind/renamed", 2)
    );
}

#[test]
fn lists_the_most_frequent_refusals_first_without_their_repeats() {
    let mut repeat = refused("no_mapping");
    repeat["repeat"] = json!(true);
    let mut token = refused("token_expired");
    token["project_path"] = json!(null);
    token["asked_for"] = json!(null);
    let report = of(
        &[],
        &[
            json!({}),
            refused("conditions_not_met"),
            refused("conditions_not_met"),
            refused("no_mapping"),
            repeat.clone(),
            repeat,
            token,
        ],
    );
    let told: Vec<(&str, &str, u64)> = report
        .top_refusals
        .iter()
        .map(|refusal| (refusal.code.as_str(), refusal.asked.as_str(), refusal.count))
        .collect();
    assert_eq!(
        told,
        [("conditions_not_met", "deploy", 2), ("no_mapping", "deploy", 1), ("token_expired", "nothing", 1)]
    );
    assert_eq!(report.period, Some((1_795_132_860, 1_795_132_860)));
}
