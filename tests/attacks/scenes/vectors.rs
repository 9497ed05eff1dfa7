//! Tokens that others publish for testing. What their signatures are worth is tested where signatures are verified, in
//! `crates/identity/src/key_set/vectors.rs`; here none of them is a job, whatever its signature.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::case_file::{check_names, read};
use crate::world::{Outcome, World};

#[derive(Deserialize)]
struct Table {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    jws: String,
    key: Option<Value>,
    expect: String,
}

/// An issuer whose static key set has every key of the vectors, and takes every algorithm.
fn trusting(vectors: &[Vector]) -> Value {
    let keys: BTreeMap<String, &Value> =
        vectors.iter().filter_map(|vector| vector.key.as_ref()).map(|key| (key["kid"].to_string(), key)).collect();
    let keys: Vec<&Value> = keys.into_values().collect();
    json!({"jwks": {"keys": keys}, "algorithms": ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]})
}

fn code(outcome: &Outcome) -> &str {
    let audit = outcome.log.iter().find(|line| line["kind"] == "audit").expect("there is an audit line");
    audit["code"].as_str().expect("the line has a code")
}

#[tokio::test]
async fn no_published_token_is_a_job_even_to_an_issuer_with_its_key() {
    let Table { vectors } = read("vectors.json");
    check_names(vectors.iter().map(|vector| vector.name.as_str()), 41);
    let issuer = trusting(&vectors);
    let mut credentials = World::start_trusting("credentials", issuer.clone(), &[]).await;
    let mut authorizer = World::start_trusting("authorizer", issuer, &[("ROUTE_POLICY", "authenticated")]).await;
    for vector in &vectors {
        let outcome = credentials.send("rest-get", &vector.jws, |_| {}).await;
        assert_eq!(code(&outcome), vector.expect, "{}: {outcome:?}", vector.name);
        let outcome = authorizer.send("rest-token", &vector.jws, |_| {}).await;
        assert_eq!((code(&outcome), &outcome.answer), (vector.expect.as_str(), &Err("Unauthorized".to_owned())));
    }
    assert_eq!((credentials.aws.calls(), authorizer.aws.calls()), (vec![], vec![]));
}
