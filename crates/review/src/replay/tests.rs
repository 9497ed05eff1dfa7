use serde_json::{Value, json};

use super::*;
use crate::test_support::{NOW, audit_line, object, refused, row};

fn replay(lines: &[Value], baseline: Baseline<'_>, proposed: &[Row]) -> Replay {
    let decisions = lines.iter().map(|changes| RecordedDecision::parse(&audit_line(changes.clone())).unwrap());
    what_if(decisions, baseline, proposed, NOW)
}

/// Verdict, what was asked and why, of the one effect there is.
#[track_caller]
fn only_effect(line: Value, proposed: &[Row]) -> (Verdict, String) {
    let replay = replay(&[line], Baseline::Recorded, proposed);
    assert_eq!(replay.effects.len(), 1, "{replay:?}");
    (replay.effects[0].verdict, replay.effects[0].why.clone())
}

#[track_caller]
fn assert_totals(lines: &[Value], proposed: &[Row], totals: Totals) {
    assert_eq!(replay(lines, Baseline::Recorded, proposed).totals, totals);
}

const NONE: Totals = Totals { gains: 0, loses: 0, moves: 0, unchanged: 0, cannot_tell: 0, skipped: 0 };

#[test]
fn finds_who_loses_and_says_why() {
    let (verdict, why) =
        only_effect(json!({}), &[row(json!({"conditions": {"ref_protected": "true", "ref": "release/*"}}))]);
    assert_eq!(verdict, Verdict::Loses);
    assert_eq!(why, "mapping `deploy` requires another `ref`: this job presented `main`");
    assert_eq!(only_effect(json!({}), &[]).0, Verdict::Loses);
    let freeze = row(json!({"scope": "gitlab.example.com", "name": "*", "effect": "deny", "conditions": null}));
    assert_eq!(only_effect(json!({}), &[row(json!({})), freeze]).0, Verdict::Loses);
    assert_eq!(
        only_effect(json!({}), &[row(json!({})), row(json!({"effect": "Deny", "name": "*"}))]).0,
        Verdict::Loses
    );
}

#[test]
fn finds_who_gains_and_who_gets_another_role() {
    let (verdict, why) = only_effect(refused("no_mapping"), &[row(json!({}))]);
    assert_eq!(verdict, Verdict::Gains);
    assert!(why.starts_with("the row `deploy` of `gitlab.example.com/project/4711` grants `arn:"), "{why}");
    let other = row(json!({"role_arn": "arn:aws:iam::111122223333:role/brevet/other"}));
    let (verdict, why) = only_effect(json!({}), &[other]);
    assert_eq!(verdict, Verdict::Moves);
    assert!(why.ends_with("not `arn:aws:iam::111122223333:role/brevet/payments-deploy`"), "{why}");
}

#[test]
fn counts_what_stays_as_it_is() {
    let feature = json!({"decision": "denied", "code": "conditions_not_met", "mapping": null, "role_arn": null, "ref": "feature/x"});
    let mut denied = object(feature);
    denied.insert("claims".to_owned(), json!({"namespace_path": "nordwind/platform", "ref_type": "branch", "ref_path": "refs/heads/feature/x", "ref_protected": "false"}));
    assert_totals(&[json!({}), Value::Object(denied)], &[row(json!({}))], Totals { unchanged: 2, ..NONE });
}

#[test]
fn skips_what_rows_did_not_decide() {
    let lines = [
        refused("mappings_unavailable"),
        refused("role_required"),
        json!({"code": "listed", "asked_for": null, "mapping": null}),
        json!({"decision": "denied", "code": "token_expired", "project_path": null, "claims": null}),
        json!({"decision": "denied", "code": "no_mapping", "mapping": null, "repeat": true}),
    ];
    assert_totals(&lines, &[row(json!({}))], Totals { skipped: 5, ..NONE });
}

#[test]
fn takes_a_refusal_that_came_after_the_rows_for_a_yes_of_theirs() {
    let refused_by_sts = json!({"decision": "denied", "code": "target_role_refused"});
    assert_totals(&[refused_by_sts], &[row(json!({}))], Totals { unchanged: 1, ..NONE });
}

#[test]
fn cannot_tell_without_the_claims_or_without_the_one_claim_that_no_line_holds() {
    let (verdict, why) = only_effect(json!({"claims": null}), &[row(json!({}))]);
    assert_eq!(verdict, Verdict::CannotTell);
    assert!(why.contains("earlier version"), "{why}");
    let by_mail = |effect: &str| {
        row(json!({"effect": effect, "conditions": {"ref_protected": "true", "user_email": "*@nordwind.example"}}))
    };
    for rows in [vec![by_mail("allow")], vec![row(json!({"scope": "gitlab.example.com"})), by_mail("deny")]] {
        let (verdict, why) = only_effect(json!({}), &rows);
        assert_eq!(verdict, Verdict::CannotTell, "{rows:?}");
        assert!(why.contains("user_email"), "{why}");
    }
    let closed = row(json!({"scope": "gitlab.example.com", "name": "*", "effect": "deny", "conditions": null}));
    assert_eq!(
        only_effect(json!({}), &[by_mail("allow"), closed]).0,
        Verdict::Loses,
        "a deny row wins whatever the address"
    );
}

#[test]
fn judges_the_age_of_a_token_as_it_was_and_windows_as_they_are() {
    let strict = row(json!({"max_token_age_seconds": 59}));
    assert_eq!(only_effect(json!({}), &[strict]).0, Verdict::Loses);
    let exact = row(json!({"max_token_age_seconds": 60, "not_before": NOW}));
    assert_totals(&[json!({})], &[exact], Totals { unchanged: 1, ..NONE });
    assert_eq!(only_effect(json!({}), &[row(json!({"expires_at": NOW}))]).0, Verdict::Loses);
}

#[test]
fn compares_rows_with_rows_if_asked_to() {
    let current = [row(json!({"conditions": {"ref_protected": "true", "ref": "other"}}))];
    let proposed = [row(json!({}))];
    let replay = replay(&[json!({}), refused("mappings_unavailable")], Baseline::Rows(&current), &proposed);
    assert_eq!(replay.totals, Totals { gains: 2, ..NONE });
    assert_eq!(replay.effects[0].count, 2);
}

#[test]
fn decides_about_routes_of_an_api() {
    let line = json!({
        "function": "authorizer", "asked_for": "GET /reports/1", "role_arn": null,
        "mapping": {"scope": "gitlab.example.com/project/4711", "name": "api.reports"},
        "trace": [{"scope": "gitlab.example.com/project/4711", "name": "api.reports", "outcome": "grants"}],
    });
    let api = |routes: Value| {
        row(json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": routes}))
    };
    assert_totals(std::slice::from_ref(&line), &[api(json!(["GET /reports/*"]))], Totals { unchanged: 1, ..NONE });
    assert_eq!(only_effect(line.clone(), &[api(json!(["GET /other"]))]).0, Verdict::Loses);
    let mut unopened = line.clone();
    (unopened["code"], unopened["decision"]) = (json!("conditions_not_met"), json!("denied"));
    assert_eq!(only_effect(unopened, &[api(json!(["GET /reports/*"]))]).0, Verdict::Gains);
    let mut unnamed = line;
    (unnamed["code"], unnamed["mapping"], unnamed["trace"]) = (json!("no_mapping"), json!(null), json!([]));
    assert_eq!(only_effect(unnamed, &[api(json!(["GET /reports/*"]))]).0, Verdict::CannotTell);
}

#[test]
fn lists_the_most_frequent_change_first() {
    let mut other = object(json!({}));
    other.insert("project_id".to_owned(), json!("4712"));
    let lines = [json!({}), Value::Object(other.clone()), Value::Object(other)];
    let replay = replay(&lines, Baseline::Recorded, &[]);
    let told: Vec<(&str, u64)> =
        replay.effects.iter().map(|effect| (effect.project.id.as_str(), effect.count)).collect();
    assert_eq!(told, [("4712", 2), ("4711", 1)]);
    assert_eq!(replay.effects[0].asked, "deploy");
}
