//! Jobs that nearly are the job of the tests: most of them differ from it by a letter.

use brevet_identity::Principal;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{ISSUED_AT, principal_with};

/// The attributes or claims in which something departs from the usual, each by itself and seldom.
pub(crate) fn departures(pools: Vec<(&'static str, Value)>, each: f64) -> impl Strategy<Value = Map<String, Value>> {
    let draw = |(name, pool): (&'static str, Value)| {
        let values = pool.as_array().cloned().unwrap_or_default();
        prop::option::weighted(each, select(values)).prop_map(move |value| Some((name.to_owned(), value?)))
    };
    pools.into_iter().map(draw).collect::<Vec<_>>().prop_map(|drawn| drawn.into_iter().flatten().collect())
}

/// A job whose claims hold together, close enough to the rows of [`super::tables`] to be let in by many of them.
pub(crate) fn any_job() -> impl Strategy<Value = Principal> {
    let pools = vec![
        ("project_id", json!(["471", "47110"])),
        ("job_project_id", json!([null, "4000"])),
        ("project_path", json!(["Nordwind/platform/payments-api", "nordwind/platform/payments"])),
        ("namespace_id", json!(["81", "8120"])),
        ("namespace_path", json!(["nordwind", "nordwind/plat", "nordwind/platform/eu", "Nordwind/platform"])),
        ("iss", json!(["https://gitlab.example.com:8443", "https://gitlab.example.co"])),
        ("ref", json!(["Main", "main2", "feature/x", "release/1", "release/1/2"])),
        ("ref_type", json!(["tag"])),
        ("ref_protected", json!(["false", "", "TRUE"])),
        ("environment", json!([null, "production", "production/eu", "Production/eu-west-1"])),
        ("environment_protected", json!([null, "false"])),
        ("pipeline_source", json!(["merge_request_event", "web"])),
        ("iat", json!([ISSUED_AT - 31, ISSUED_AT + 90])),
    ];
    departures(pools, 0.12).prop_map(|mut claims| {
        let reference = claims.get("ref").and_then(Value::as_str).unwrap_or("main");
        let directory = if claims.contains_key("ref_type") { "tags" } else { "heads" };
        claims.insert("ref_path".to_owned(), json!(format!("refs/{directory}/{reference}")));
        if let Some(project) = claims.get("project_id").cloned() {
            claims.entry("job_project_id").or_insert(project);
        }
        principal_with(&claims.iter().map(|(claim, value)| (claim.as_str(), value.clone())).collect::<Vec<_>>())
    })
}
