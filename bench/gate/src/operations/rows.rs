use anyhow::Context as _;
use brevet_policy::{Reading, Row, read};
use serde_json::{Value, json};

use crate::world::HOST;

/// Where the job of the operations looks for rows: from its project to its issuer.
pub(crate) fn scopes() -> [String; 5] {
    ["/project/4711", "/namespace/812", "/group/nordwind/platform", "/group/nordwind", ""]
        .map(|subject| format!("{HOST}{subject}"))
}

/// A row as an administrator would write it for a deployment.
pub(crate) fn deployment(scope: &str, name: &str) -> Value {
    json!({
        "scope": scope, "name": name, "version": "3",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
        "project_path": "nordwind/platform/payments-api",
        "conditions": {
            "ref": ["main", "release/*"], "ref_type": "branch", "ref_protected": "true", "pipeline_source": ["push", "web"],
        },
        "duration_seconds": 1800, "session_tags": ["environment", "user_login"],
        "owner": "team-payments", "description": "Deploys payments-api from protected main", "review_by": "2027-03-31",
    })
}

/// A row that opens routes of an API, some in every scope and some in this one alone.
pub(crate) fn api_routes(scope: &str) -> Value {
    json!({
        "scope": scope, "name": "api.reports", "version": "1",
        "conditions": {"ref": ["main", "release/*"], "ref_type": "branch", "ref_protected": "true"},
        "routes": ["GET /whoami", "GET /reports/*", format!("POST /{}/runs", scope.len())],
        "owner": "team-payments", "description": "Reads reports from protected main", "review_by": "2027-03-31",
    })
}

/// What closes everything to jobs that this one is not.
pub(crate) fn freeze(scope: &str) -> Value {
    json!({"scope": scope, "name": "*", "effect": "deny", "conditions": {"user_login": "blocked"}})
}

/// Reads rows that are meant to be right.
pub(super) fn read_all(rows: impl IntoIterator<Item = Value>) -> anyhow::Result<Vec<Reading>> {
    rows.into_iter()
        .map(|row| match read(&object(row)?) {
            Reading::Invalid(invalid) => anyhow::bail!("a row cannot be read: {invalid:?}"),
            valid @ Reading::Valid(_) => Ok(valid),
        })
        .collect()
}

pub(super) fn object(row: Value) -> anyhow::Result<Row> {
    match row {
        Value::Object(row) => Some(row),
        _ => None,
    }
    .context("a row is an object")
}
