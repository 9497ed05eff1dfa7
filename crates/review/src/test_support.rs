//! The row of the tests, of which a test changes one attribute: one that nothing is to be said against.

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
