use super::*;

#[test]
fn finds_rows_whose_time_is_over_or_nearly() {
    assert_found(json!({"expires_at": NOW}), LintRule::Expired, Severity::Warning);
    assert_found(json!({"expires_at": NOW + 14 * DAY}), LintRule::ExpiresSoon, Severity::Info);
    assert_found(json!({"effect": "deny", "expires_at": NOW + 1}), LintRule::ExpiresSoon, Severity::Warning);
    assert_eq!(found(json!({"expires_at": NOW + 14 * DAY + 1})), []);
}

#[test]
fn finds_rows_without_consequences() {
    assert_found(json!({"not_before": NOW + 1}), LintRule::NotYetInForce, Severity::Info);
    assert_not_found(json!({"not_before": NOW}), LintRule::NotYetInForce);
    assert_found(json!({"enabled": false}), LintRule::Disabled, Severity::Info);
    assert_found(json!({"mode": "report"}), LintRule::ReportMode, Severity::Info);
    assert_eq!(found(json!({"enabled": true, "mode": "enforce"})), []);
}

#[test]
fn finds_rows_that_nobody_answers_for() {
    for owner in [json!(null), json!(""), json!("  ")] {
        assert_found(json!({"owner": owner}), LintRule::NoOwner, Severity::Warning);
    }
}

#[test]
fn finds_rows_whose_review_is_overdue_due_or_nobodys_plan() {
    assert_found(json!({"review_by": NOW}), LintRule::ReviewOverdue, Severity::Warning);
    assert_found(json!({"review_by": "2026-11-21"}), LintRule::ReviewOverdue, Severity::Warning);
    assert_found(json!({"review_by": "2026-11-22"}), LintRule::ReviewSoon, Severity::Info);
    assert_found(json!({"review_by": NOW + 14 * DAY}), LintRule::ReviewSoon, Severity::Info);
    assert_found(json!({"review_by": null}), LintRule::NoReviewDate, Severity::Info);
    assert_eq!(found(json!({"review_by": NOW + 14 * DAY + 1})), []);
}
