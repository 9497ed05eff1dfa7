//! Whatever the change: where it is not said to widen, no job gets what it did not get before.

use brevet_identity::Principal;
use brevet_policy::{ApiName, Grant, MappingName, Outcome, decide, entitlement};
use proptest::prelude::*;

use super::*;
use crate::test_support::{job, object};

fn one_of(values: &[Value]) -> impl Strategy<Value = Value> + use<> {
    prop::sample::select(values.to_vec())
}

/// A row with some of its attributes taken from small pools, some of them faulty.
fn any_row(api: bool) -> impl Strategy<Value = Row> {
    let conditions = [
        json!(null),
        json!({"ref_protected": "true"}),
        json!({"ref_protected": ["true"], "ref": ["main", "dev"]}),
        json!({"ref_protected": "true", "ref": "ma*"}),
        json!({"ref": "*"}),
        json!({"ref": "**", "environment": "**"}),
        json!({"ref": "main", "typo": "x"}),
        json!({"ref": []}),
        json!("main"),
    ];
    let pools: Vec<(&'static str, Vec<Value>)> = vec![
        ("effect", vec![json!(null), json!("allow"), json!("deny"), json!("Deny")]),
        ("mode", vec![json!(null), json!(null), json!("enforce"), json!("report")]),
        ("enabled", vec![json!(null), json!(null), json!(false), json!("false")]),
        ("not_before", vec![json!(null), json!(null), json!(NOW), json!(NOW + 1)]),
        ("expires_at", vec![json!(null), json!(null), json!(NOW), json!(NOW + 1), json!("soon")]),
        ("conditions", conditions.to_vec()),
        ("allow_unprotected", vec![json!(true), json!(true), json!(null)]),
        ("allow_fork_pipelines", vec![json!(null), json!(true)]),
        ("project_path", vec![json!(null), json!(null), json!("nordwind/platform/payments-api"), json!("a/b")]),
        ("max_token_age_seconds", vec![json!(null), json!(30), json!(90)]),
        ("owner", vec![json!("a"), json!("b"), json!(7)]),
        (
            "routes",
            if api {
                vec![json!(["GET /a"]), json!(["* /**"]), json!(["GET /*", "POST /b"])]
            } else {
                vec![json!(null)]
            },
        ),
    ];
    // Most attributes stay as they are in a row that lets in, or every edition would do nothing for some reason or other.
    let draw = |(name, values): (&'static str, Vec<Value>)| {
        prop::option::weighted(0.25, one_of(&values)).prop_map(move |value| (name, value))
    };
    let drawn: Vec<_> = pools.into_iter().map(draw).collect();
    drawn.prop_map(move |drawn| {
        let mut changes = object(json!({"conditions": {"ref_protected": "true"}, "project_path": null}));
        if api {
            let api = json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": ["GET /a"]});
            changes.extend(object(api));
        }
        changes.extend(drawn.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        row(Value::Object(changes))
    })
}

fn jobs() -> Vec<Principal> {
    vec![
        job(&[]),
        job(&[("ref", json!("dev")), ("ref_path", json!("refs/heads/dev")), ("ref_protected", json!("false"))]),
        job(&[("ref", json!("a/b")), ("ref_path", json!("refs/heads/a/b")), ("environment", json!("production"))]),
        job(&[("ref", json!("max")), ("ref_path", json!("refs/heads/max"))]),
        job(&[("job_project_id", json!("9902"))]),
        job(&[("project_path", json!("a/b")), ("namespace_path", json!("a"))]),
        job(&[("iat", json!(NOW - 20))]),
    ]
}

/// Beside an open row for everyone, so that deny rows show.
fn beside(edition: Option<&Row>, open: bool) -> Vec<Reading> {
    let everyone =
        row(json!({"scope": "gitlab.example.com", "allow_unprotected": true, "conditions": null, "project_path": null,
                              "allow_fork_pipelines": true}));
    let mut api = everyone.clone();
    api.extend(object(json!({"name": "api.reports", "routes": ["* /**"]})));
    api.remove("role_arn");
    api.remove("duration_seconds");
    let open = if open { vec![everyone, api] } else { Vec::new() };
    edition.into_iter().chain(&open).map(read).collect()
}

fn grant(job: &Principal, rows: &[Reading], now: u64) -> Option<Grant> {
    match decide(job, rows, &MappingName::parse("deploy").unwrap(), now) {
        Outcome::Granted(grant) => Some(grant),
        Outcome::Denied(_) => None,
    }
}

fn permitted(job: &Principal, rows: &[Reading], now: u64) -> Vec<bool> {
    let entitlement = entitlement(job, rows, &ApiName::parse("reports").unwrap(), now);
    let requests = [("GET", "/"), ("GET", "/a"), ("POST", "/b"), ("GET", "/a/b"), ("DELETE", "/b"), ("$connect", "")];
    requests.map(|(method, path)| entitlement.permits(method, path)).to_vec()
}

fn check(old: Option<&Row>, new: Option<&Row>) -> Result<(), TestCaseError> {
    let change = compare(old, new);
    if change.meaning == Meaning::Widens {
        return Ok(());
    }
    let jobs = jobs();
    for (open, now) in [(false, NOW - 1), (false, NOW), (false, NOW + 1), (true, NOW - 1), (true, NOW), (true, NOW + 1)]
    {
        let (before, after) = (beside(old, open), beside(new, open));
        for job in &jobs {
            let (was, is) = (grant(job, &before, now), grant(job, &after, now));
            prop_assert!(was.is_some() || is.is_none(), "{:#?}\n{:?}\n{:?}", change, old, new);
            for (was, is) in permitted(job, &before, now).into_iter().zip(permitted(job, &after, now)) {
                prop_assert!(was || !is, "{:#?}\n{:?}\n{:?}", change, old, new);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn lets_no_job_in_by_a_change_that_does_not_widen(
        (old, new) in prop::bool::ANY.prop_flat_map(|api| (any_row(api), any_row(api)))
    ) {
        check(Some(&old), Some(&new))?;
        check(None, Some(&new))?;
        check(Some(&old), None)?;
    }

    #[test]
    fn lets_no_job_in_by_a_change_of_one_attribute_that_does_not_widen(
        (old, new, index) in prop::bool::ANY.prop_flat_map(|api| (any_row(api), any_row(api), 0..20_usize))
    ) {
        let mut edited = old.clone();
        let names: Vec<String> = old.keys().chain(new.keys()).cloned().collect();
        let name = &names[index % names.len()];
        match new.get(name) {
            Some(value) => drop(edited.insert(name.clone(), value.clone())),
            None => drop(edited.remove(name)),
        }
        check(Some(&old), Some(&edited))?;
    }
}
