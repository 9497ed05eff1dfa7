//! The job and the rows of the tests: one of each, of which a test changes one field.

pub(crate) mod jobs;
pub(crate) mod slips;
pub(crate) mod spellings;
pub(crate) mod tables;

use brevet_identity::Principal;
use serde_json::{Map, Value, json};

use crate::reading::{InvalidMapping, Reading, Row, read};

pub(crate) const ISSUED_AT: u64 = 1_790_000_000;
pub(crate) const NOW: u64 = ISSUED_AT + 60;

/// A push to protected `main`.
pub(crate) fn principal() -> Principal {
    principal_with(&[])
}

/// The same with claims changed; `null` takes a claim away.
pub(crate) fn principal_with(changes: &[(&str, Value)]) -> Principal {
    let mut claims = object(json!({
        "iss": "https://gitlab.example.com", "aud": "https://brevet.example.com", "jti": "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a",
        "iat": ISSUED_AT, "nbf": ISSUED_AT - 5, "exp": ISSUED_AT + 3600,
        "project_id": "4711", "project_path": "nordwind/platform/payments-api",
        "namespace_id": "812", "namespace_path": "nordwind/platform",
        "job_project_id": "4711", "job_project_path": "nordwind/platform/payments-api",
        "user_id": "2301", "user_login": "mlind", "user_email": "mlind@example.com",
        "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
        "environment": "production/eu-west-1", "environment_protected": "true", "runner_id": 88,
    }));
    for (claim, value) in changes {
        claims.insert((*claim).to_owned(), value.clone());
    }
    Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap()).unwrap()
}

/// A push to `feature/x`, which is not protected.
pub(crate) fn feature_branch() -> Principal {
    let ref_path = json!("refs/heads/feature/x");
    principal_with(&[("ref", json!("feature/x")), ("ref_path", ref_path), ("ref_protected", json!("false"))])
}

/// An allow row `deploy` for the project, with attributes changed; `null` takes an attribute away.
pub(crate) fn row(changes: Value) -> Row {
    let mut row = object(json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "conditions": {"ref_protected": "true"},
    }));
    for (attribute, value) in object(changes) {
        if value.is_null() { drop(row.remove(&attribute)) } else { drop(row.insert(attribute, value)) }
    }
    row
}

/// An allow row for the API `reports`.
pub(crate) fn api_row(changes: Value) -> Row {
    let mut api = json!({"name": "api.reports", "role_arn": null, "routes": ["GET /reports/*"]});
    if let (Some(api), Value::Object(changes)) = (api.as_object_mut(), changes) {
        api.extend(changes);
    }
    row(api)
}

pub(crate) fn valid(row: &Row) -> Reading {
    let reading = read(row);
    assert!(matches!(reading, Reading::Valid(_)), "{reading:?}");
    reading
}

pub(crate) fn invalid(row: &Row) -> InvalidMapping {
    match read(row) {
        Reading::Invalid(invalid) => invalid,
        Reading::Valid(mapping) => panic!("was read: {mapping:?}"),
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}
