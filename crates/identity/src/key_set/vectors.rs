//! Public test vectors: is a signature worth here what its authors say? The table is one of the attack corpus.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::KeySet;
use crate::algorithm::Algorithm;

const TABLE: &str = include_str!("../../../../tests/attacks/scenes/cases/vectors.json");

#[derive(Deserialize)]
struct Table {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    jws: String,
    key: Option<Value>,
    algorithm: Option<String>,
    valid: Option<bool>,
}

/// A vector of an algorithm that can be listed for an issuer.
struct Usable {
    name: String,
    jws: String,
    key: Value,
    algorithm: Algorithm,
    valid: bool,
}

fn table() -> Vec<Vector> {
    serde_json::from_str::<Table>(TABLE).unwrap().vectors
}

fn usable() -> Vec<Usable> {
    let usable = table().into_iter().filter_map(|vector| {
        let algorithm = Algorithm::parse(vector.algorithm.as_deref()?).unwrap();
        let Vector { name, jws, key, valid, .. } = vector;
        Some(Usable { name, jws, key: key.unwrap(), algorithm, valid: valid.unwrap() })
    });
    usable.collect()
}

fn verifies(key: &Value, algorithm: Algorithm, jws: &str) -> bool {
    let set = KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).unwrap();
    let key = set.get(key["kid"].as_str().unwrap()).unwrap();
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    key.allows(algorithm) && key.verifies(algorithm, signed, signature)
}

/// The same with one bit of one part changed.
fn tampered(jws: &str, part: usize) -> String {
    let mut parts: Vec<String> = jws.split('.').map(str::to_owned).collect();
    let mut bytes = URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    parts[part] = URL_SAFE_NO_PAD.encode(bytes);
    parts.join(".")
}

#[test]
fn a_signature_is_worth_what_its_authors_say() {
    let vectors = usable();
    assert!(vectors.iter().filter(|vector| vector.valid).count() >= 5, "the table has lost its valid vectors");
    for vector in &vectors {
        let worth = verifies(&vector.key, vector.algorithm, &vector.jws);
        assert_eq!(worth, vector.valid, "{}", vector.name);
    }
}

#[test]
fn one_bit_less_is_worth_nothing() {
    for vector in usable().iter().filter(|vector| vector.valid) {
        for part in 0..3 {
            let jws = tampered(&vector.jws, part);
            assert!(!verifies(&vector.key, vector.algorithm, &jws), "{}, part {part}", vector.name);
        }
    }
}

#[test]
fn a_good_signature_is_worth_nothing_under_another_algorithm_or_key() {
    let vectors = usable();
    for vector in vectors.iter().filter(|vector| vector.valid) {
        for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| *algorithm != vector.algorithm) {
            assert!(!verifies(&vector.key, algorithm, &vector.jws), "{} as {}", vector.name, algorithm.as_str());
        }
        for other in vectors.iter().filter(|other| other.key != vector.key) {
            assert!(!verifies(&other.key, vector.algorithm, &vector.jws), "{} under {}", vector.name, other.key["kid"]);
        }
    }
}

#[test]
fn a_secret_and_a_curve_without_an_algorithm_are_no_keys() {
    for vector in table().into_iter().filter(|vector| vector.algorithm.is_none()) {
        let Some(key) = vector.key else { continue };
        assert!(KeySet::parse(json!({"keys": [key]}).to_string().as_bytes()).is_err(), "{}", vector.name);
    }
}
