use brevet_identity::{Distrust, Rejection};
use serde_json::{Value, json};

use super::account::Account;
use super::sheet;
use super::subject::{From, Subject};
use crate::admin::colour::Colours;
use brevet_policy::{MappingName, Row};

const NOW: u64 = 1_790_000_100;

fn claims(changes: Value) -> Vec<u8> {
    let mut claims = json!({
        "iss": "https://gitlab.example.com", "aud": "https://brevet.example.com", "jti": "j",
        "iat": 1_790_000_000, "nbf": 1_790_000_000, "exp": 1_790_003_600,
        "project_id": "4711", "project_path": "nordwind/payments", "namespace_id": "812", "namespace_path": "nordwind",
        "user_id": "2301", "pipeline_id": "99", "pipeline_source": "push", "job_id": "55",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
    });
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims.to_string().into_bytes()
}

fn row(changes: Value) -> Row {
    let mut row = json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy", "version": 3,
        "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy", "conditions": {"ref_protected": "true", "ref": "main"},
    });
    row.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    row.as_object().unwrap().clone()
}

fn account(changes: Value, rows: &[Row]) -> Account {
    let subject = Subject::of_claims(&claims(changes), From::Claims).unwrap();
    Account::of(&subject, &MappingName::parse("deploy").unwrap(), rows, &[], NOW)
}

#[test]
fn refuses_what_is_no_job_and_what_is_no_audit_line() {
    let code = |outcome: Result<Subject, crate::admin::trouble::Trouble>| outcome.unwrap_err().code();
    assert_eq!(code(Subject::of_claims(&claims(json!({"ref": 7})), From::Claims)), "claims_invalid");
    assert_eq!(code(Subject::of_claims(b"[]", From::Claims)), "claims_invalid");
    for text in ["", "{}", "{\"kind\":\"warning\"}", "nothing"] {
        assert_eq!(code(Subject::of_audit_line(text, None)), "audit_line_invalid", "{text}");
    }
    let rejected = json!({"kind": "audit", "time": "2026-11-22T08:00:00Z", "function": "credentials",
        "request_id": "r", "decision": "denied", "code": "token_invalid"});
    assert_eq!(code(Subject::of_audit_line(&rejected.to_string(), None)), "audit_line_without_claims");
}

#[test]
fn shows_what_would_have_matched() {
    let account = account(json!({"ref": "dev", "ref_path": "refs/heads/dev"}), &[row(json!({}))]);
    assert_eq!((account.decision, account.code.as_str()), ("denied", "conditions_not_met"));
    assert_eq!(account.rows[0].required, ["main"]);
    let sheet = sheet::of(&account, Colours::NONE);
    assert!(sheet.contains("does not apply: `ref` is `dev`; the row requires `main`"), "{sheet}");
    assert!(account.sts.is_none());
}

#[test]
fn names_every_fault_of_a_row_that_cannot_be_read() {
    let account = account(json!({}), &[row(json!({"rol_arn": "x", "duration_seconds": 1}))]);
    assert_eq!((account.decision, account.rows[0].faults.len()), ("denied", 2));
}

#[test]
fn says_which_deny_row_decides() {
    let freeze =
        json!({"name": "*", "scope": "gitlab.example.com", "effect": "deny", "conditions": {"project_id": "4711"}});
    let account = account(json!({}), &[row(json!({})), row(freeze)]);
    let decides: Vec<bool> = account.rows.iter().map(|row| row.decides).collect();
    assert_eq!((account.code.as_str(), decides), ("explicitly_denied", vec![false, true]));
}

#[test]
fn shows_the_call_to_sts_without_the_external_id() {
    let account = account(json!({}), &[row(json!({"external_id": "not-for-a-screen", "duration_seconds": 1800}))]);
    let call = account.sts.as_ref().unwrap();
    assert_eq!(call["operation"], "AssumeRole");
    assert_eq!(call["parameters"]["RoleSessionName"], "gl-4711-99-55");
    assert_eq!(call["parameters"]["DurationSeconds"], 1800);
    assert!(call["parameters"]["Tags"].as_array().unwrap().contains(&json!({"Key": "gitlab_job_id", "Value": "55"})));
    let shown = account.as_json() + &sheet::of(&account, Colours::NONE);
    assert!(shown.contains("(set, not shown)") && !shown.contains("not-for-a-screen"), "{shown}");
}

#[test]
fn does_not_grant_what_the_rows_grant_where_the_token_is_refused() {
    let mut subject = Subject::of_claims(&claims(json!({})), From::Token).unwrap();
    let of =
        |subject: &Subject| Account::of(subject, &MappingName::parse("deploy").unwrap(), &[row(json!({}))], &[], NOW);
    subject.verification = Some(Err(Rejection::Invalid(Distrust::Signature)));
    let refused = of(&subject);
    assert_eq!((refused.decision, refused.code.as_str(), refused.verified), ("denied", "token_invalid", false));
    assert!(refused.sts.is_none() && !refused.rows[0].decides && refused.rows.len() == 1);
    subject.verification = Some(Ok(()));
    let granted = of(&subject);
    assert_eq!((granted.code.as_str(), granted.verified, granted.rows[0].decides), ("granted", true, true));
}

#[test]
fn says_that_nothing_was_verified_and_that_the_token_is_too_old_to_be_read() {
    let subject = Subject::of_claims(&claims(json!({})), From::Token).unwrap();
    let account = Account::of(&subject, &MappingName::parse("deploy").unwrap(), &[], &[], NOW + 86_400);
    assert!(!account.verified && account.notes.len() == 2, "{:?}", account.notes);
    assert!(account.notes[1].contains("token_expired"));
}

#[test]
fn shows_nothing_that_could_steer_a_terminal() {
    let steering = json!({"ref": "a\u{1b}[2J", "ref_path": "refs/heads/a\u{1b}[2J"});
    let sheet = sheet::of(&account(steering, &[row(json!({}))]), Colours::NONE);
    assert!(!sheet.contains('\u{1b}'));
}
