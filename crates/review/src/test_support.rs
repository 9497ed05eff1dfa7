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
