//! Tables of which most rows would apply to the job of the tests, were it not for one thing or another.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::jobs::departures;
use super::slips::any_slip;
use super::{NOW, object, row};
use crate::reading::{Reading, Row, read};

/// The names that are asked for, and those that only look like them.
pub(crate) const NAMES: [&str; 3] = ["deploy", "deploy-2", "publish"];

const SCOPES: [&str; 8] = [
    "gitlab.example.com/project/4711",
    "gitlab.example.com/project/471",
    "gitlab.example.com/namespace/812",
    "gitlab.example.com/group/nordwind/platform",
    "gitlab.example.com/group/nordwind",
    "gitlab.example.com/group/nordwind/plat",
    "gitlab.example.com",
    "gitlab.example.co",
];

/// Rows as a table holds them, no key twice: some let in, some keep out, some cannot be read.
pub(crate) fn any_table() -> impl Strategy<Value = Vec<Row>> {
    let row = prop_oneof![6 => any_allow_row(), 2 => any_deny_row(), 1 => any_invalid_row()];
    prop::collection::vec(row, 0..7).prop_map(|rows| {
        let key = |row: &Row| [row.get("scope"), row.get("name")].map(|part| part.map(Value::to_string));
        rows.into_iter().map(|row| (key(&row), row)).collect::<BTreeMap<_, _>>().into_values().collect()
    })
}

/// A row that lets in, for a role or for an API.
pub(crate) fn any_allow_row() -> impl Strategy<Value = Row> {
    let row = (any_key(), any_when(), any_terms(), any_routes());
    let row = row.prop_map(|((scope, name), when, terms, routes)| {
        let mut row = object(json!({"scope": scope, "name": name, "conditions": {"ref_protected": "true"}}));
        row.extend(when);
        row.extend(if name.starts_with("api.") { routes } else { terms });
        row
    });
    row.prop_filter("it lets in", |row| matches!(read(row), Reading::Valid(_)))
}

/// A row that gives the job of the tests a role.
pub(crate) fn any_granting_row() -> impl Strategy<Value = Row> {
    let granting = |terms| row(Value::Object(terms));
    any_terms().prop_map(granting).prop_filter("it lets in", |row| matches!(read(row), Reading::Valid(_)))
}

/// A row that keeps out, of one name or of all.
pub(crate) fn any_deny_row() -> impl Strategy<Value = Row> {
    let row = (any_key(), any::<bool>(), any_when(), any_routes());
    let row = row.prop_map(|((scope, name), every, when, routes)| {
        let name = if every { "*" } else { name };
        let mut row = object(json!({"scope": scope, "name": name, "effect": "deny"}));
        row.extend(when);
        if name.starts_with("api.") {
            row.extend(routes.into_iter().filter(|(attribute, _)| attribute == "routes"));
        }
        row
    });
    row.prop_filter("it keeps out", |row| matches!(read(row), Reading::Valid(_)))
}

/// A row of either kind in which one slip was made, and which therefore cannot be read.
pub(crate) fn any_invalid_row() -> impl Strategy<Value = Row> {
    let row = (prop_oneof![any_allow_row(), any_deny_row()], any_slip()).prop_map(|(row, slip)| slip.made_in(&row));
    row.prop_filter("it cannot be read", |row| matches!(read(row), Reading::Invalid(_)))
}

fn any_key() -> impl Strategy<Value = (&'static str, &'static str)> {
    let names = [NAMES.as_slice(), &["api.reports", "api.report"]].concat();
    let name = prop_oneof![1 => Just("deploy"), 1 => Just("api.reports"), 1 => select(names)];
    (prop_oneof![1 => Just(SCOPES[0]), 2 => select(SCOPES.to_vec())], name)
}

fn any_when() -> impl Strategy<Value = Map<String, Value>> {
    let conditions = json!([
        {"ref_protected": "true", "ref": "main"},
        {"ref_protected": "true", "ref": ["main", "release/*"]},
        {"ref_protected": "true", "ref": "ma*"},
        {"ref_protected": ["true"], "environment": "production/*"},
        {"environment_protected": "true", "user_id": 2301},
        {"environment_protected": "true", "runner_environment": "**"},
        {"ref_protected": "true", "namespace_path": "nordwind/**", "pipeline_source": ["push", "web"]},
        {"ref_protected": "true", "ref": "feature/*"},
    ]);
    departures(
        vec![
            ("mode", json!(["report"])),
            ("enabled", json!([false])),
            ("not_before", json!([NOW, NOW + 1])),
            ("expires_at", json!([NOW - 1, NOW + 2])),
            ("conditions", conditions),
            ("allow_fork_pipelines", json!([true])),
            ("project_path", json!(["nordwind/platform/payments-api", "nordwind/platform/payments"])),
            ("max_token_age_seconds", json!([60, 90])),
            ("version", json!(["2", 3])),
        ],
        0.15,
    )
}

fn any_terms() -> impl Strategy<Value = Map<String, Value>> {
    let arn = |role: &str| format!("arn:aws:iam::111122223333:role/brevet/{role}");
    let policy =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]});
    let further = departures(
        vec![
            ("via", json!(["web_identity"])),
            ("duration_seconds", json!([900, 1_800])),
            ("max_duration_seconds", json!([1_800, 3_600])),
            ("session_policy", json!([policy])),
            ("policy_arns", json!([["arn:aws:iam::aws:policy/ReadOnlyAccess"]])),
            ("max_uses_per_token", json!([1])),
        ],
        0.2,
    );
    let role = select(vec![arn("deploy"), arn("other"), arn("p-{project_id}"), arn("{namespace_id}/x")]);
    (role, further).prop_map(|(role, mut terms)| {
        terms.insert("role_arn".to_owned(), json!(role));
        terms
    })
}

fn any_routes() -> impl Strategy<Value = Map<String, Value>> {
    let routes = ["GET /reports/*", "GET /reports/**", "* /**", "POST /reports/1", "GET /*/1", "GET /", "$connect"];
    let routes = prop::collection::btree_set(select(routes.to_vec()), 1..3);
    (routes, prop::option::weighted(0.2, select(vec!["k".repeat(20), "q".repeat(20)]))).prop_map(|(routes, key)| {
        let mut terms = object(json!({"routes": routes}));
        terms.extend(key.map(|key| ("usage_plan_key".to_owned(), json!(key))));
        terms
    })
}
