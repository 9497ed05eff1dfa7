//! The row of the tests, of which a test changes one attribute: one that nothing is to be said against.

use brevet_identity::Principal;
use brevet_policy::{Mapping, Reading, Row, read};
use serde_json::{Value, json};

/// 2026-11-22.
pub(crate) const NOW: u64 = 1_795_305_600;
pub(crate) const DAY: u64 = 86_400;

/// Deploys a project from its protected `main`; `null` takes an attribute away.
pub(crate) fn row(changes: Value) -> Row {
    let mut row = object(json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
        "conditions": {"ref_protected": "true", "ref_type": "branch", "ref": ["main", "release/*"], "pipeline_source": ["push", "web"]},
        "project_path": "nordwind/platform/payments-api", "duration_seconds": 1_800,
        "owner": "team-payments", "review_by": NOW + 60 * DAY,
    }));
    for (attribute, value) in object(changes) {
        if value.is_null() { drop(row.remove(&attribute)) } else { drop(row.insert(attribute, value)) }
    }
    row
}

pub(crate) fn mapping(row: &Row) -> Mapping {
    match read(row) {
        Reading::Valid(mapping) => mapping,
        Reading::Invalid(invalid) => panic!("cannot be read: {invalid:?}"),
    }
}

pub(crate) fn object(value: Value) -> Row {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

/// A push to protected `main` of the project, with claims changed; `null` takes a claim away.
pub(crate) fn job(changes: &[(&str, Value)]) -> Principal {
    let mut claims = object(json!({
        "iss": "https://gitlab.example.com", "aud": "https://brevet.example.com", "jti": "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a",
        "iat": NOW - 60, "nbf": NOW - 65, "exp": NOW + 3_540,
        "project_id": "4711", "project_path": "nordwind/platform/payments-api",
        "namespace_id": "812", "namespace_path": "nordwind/platform",
        "job_project_id": "4711", "user_id": "2301", "user_login": "mlind",
        "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
    }));
    for (claim, value) in changes {
        claims.insert((*claim).to_owned(), value.clone());
    }
    Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap()).unwrap()
}

/// The audit line of a job that was granted `deploy`, with members changed; `null` takes a member away.
pub(crate) fn audit_line(changes: Value) -> String {
    let mut line = object(json!({
        "kind": "audit", "time": "2026-11-20T00:01:00Z", "function": "credentials", "request_id": "request-1",
        "decision": "granted", "code": "granted", "issuer": "https://gitlab.example.com", "project_id": "4711",
        "project_path": "nordwind/platform/payments-api", "namespace_id": "812", "pipeline_id": "990231", "job_id": "5550142",
        "user_id": "2301", "ref": "main", "environment": null, "jti": "a-jti",
        "iat": 1_795_132_800, "exp": 1_795_136_400,
        "claims": {"namespace_path": "nordwind/platform", "job_project_id": "4711", "user_login": "mlind", "pipeline_source": "push",
                   "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true", "runner_id": "88"},
        "asked_for": "deploy", "mapping": {"scope": "gitlab.example.com/project/4711", "name": "deploy", "version": "7"},
        "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
        "trace": [{"scope": "gitlab.example.com/project/4711", "name": "deploy", "effect": "allow", "mode": "enforce", "outcome": "grants"}],
    }));
    for (member, value) in object(changes) {
        if value.is_null() { drop(line.remove(&member)) } else { drop(line.insert(member, value)) }
    }
    Value::Object(line).to_string()
}

/// Members of the line of a job that was refused with this code.
pub(crate) fn refused(code: &str) -> Value {
    json!({"decision": "denied", "code": code, "mapping": null, "role_arn": null, "trace": null})
}
