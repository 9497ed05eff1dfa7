mod memory;
mod payload;
mod streams;
mod times;

use std::sync::LazyLock;

use serde_json::{Map, json};

use super::*;
use crate::issuer::parse_issuers;
use crate::test_support::{AUDIENCE, ISSUED_AT, ISSUER, TestFetch, TestKey, claims};

const KEYS: &str = "https://gitlab.example.com/oauth/discovery/keys";
const NOW: u64 = ISSUED_AT + 60;

// A pair of RSA keys costs more time to make than all else here.
static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::rsa("ci"));
static STRANGER: LazyLock<TestKey> = LazyLock::new(|| TestKey::rsa("ci"));

fn verifier_with(change: impl FnOnce(&mut Map<String, Value>)) -> (Verifier<TestFetch>, Arc<TestFetch>) {
    let mut entry = Map::new();
    entry.insert("issuer".to_owned(), json!(ISSUER));
    entry.insert("audiences".to_owned(), json!([AUDIENCE]));
    entry.insert("jwks_uri".to_owned(), json!(KEYS));
    change(&mut entry);
    let fetch = Arc::new(TestFetch::default());
    fetch.answer(KEYS, Ok(KEY.key_set()));
    let issuers = parse_issuers(&json!([entry]).to_string()).unwrap();
    (Verifier::new(issuers, 10, Arc::clone(&fetch)), fetch)
}

fn verifier() -> (Verifier<TestFetch>, Arc<TestFetch>) {
    verifier_with(|_| ())
}

fn token(change: impl FnOnce(&mut Map<String, Value>)) -> BearerToken {
    let mut claims = claims();
    change(&mut claims);
    KEY.sign(&claims)
}

fn with(claim: &str, value: Value) -> BearerToken {
    token(|claims| drop(claims.insert(claim.to_owned(), value)))
}

async fn code(token: &BearerToken, now: u64) -> &'static str {
    let (verifier, _) = verifier();
    code_of(&verifier.verify(token, now).await)
}

fn code_of(outcome: &Result<VerifiedToken, VerifyError>) -> &'static str {
    match outcome {
        Ok(_) => "verified",
        Err(VerifyError::Rejected(rejection) | VerifyError::RejectedJob { rejection, .. }) => rejection.code(),
        Err(VerifyError::Unavailable(_)) => "keys_unavailable",
    }
}

#[tokio::test]
async fn an_untrusted_issuer_is_refused_without_any_fetch() {
    let spellings = [
        "https://evil.example",
        "https://gitlab.example.com/",
        "https://GITLAB.example.com",
        "http://gitlab.example.com",
        "https://gitlab.example.com:443",
        "https://user@gitlab.example.com",
        "https://gitlab.example.com.evil.example",
        "gitlab.example.com",
        "",
    ];
    for issuer in spellings {
        let (verifier, fetch) = verifier();
        assert_eq!(code_of(&verifier.verify(&with("iss", json!(issuer)), NOW).await), "token_invalid", "{issuer}");
        assert_eq!(fetch.asked(), 0, "{issuer}");
    }
}

#[tokio::test]
async fn games_with_the_algorithm_verify_nothing() {
    let payload = serde_json::to_string(&claims()).unwrap();
    for alg in ["none", "None", "HS256", "HS384", "RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256", ""] {
        let token = KEY.sign_parts(&json!({"alg": alg, "kid": "ci"}), &payload);
        assert_eq!(code(&token, NOW).await, "token_invalid", "{alg}");
    }
}

#[tokio::test]
async fn a_key_in_the_header_is_never_used() {
    let payload = serde_json::to_string(&claims()).unwrap();
    let header = json!({"alg": "RS256", "kid": "ci", "jwk": STRANGER.jwk, "jku": "https://evil.example/keys", "x5u": "https://evil.example", "x5c": ["MIIB"]});
    let (verifier, fetch) = verifier();
    assert_eq!(code_of(&verifier.verify(&STRANGER.sign_parts(&header, &payload), NOW).await), "token_invalid");
    assert_eq!(fetch.asked(), 1);
}

#[tokio::test]
async fn a_changed_payload_header_or_signature_does_not_verify() {
    let good = token(|_| ());
    let parts: Vec<&str> = good.expose().split('.').collect();
    let other = with("ref", json!("other"));
    let others: Vec<&str> = other.expose().split('.').collect();
    for text in [[parts[0], others[1], parts[2]].join("."), [parts[0], parts[1], others[2]].join(".")] {
        assert_eq!(code(&BearerToken::from_authorization([text.as_str()]).unwrap(), NOW).await, "token_invalid");
    }
}

#[tokio::test]
async fn a_key_of_the_wrong_id_use_or_length_is_no_key() {
    let change = |member: &str, value: Value| {
        let mut jwk = KEY.jwk.clone();
        jwk[member] = value;
        jwk
    };
    let key_sets = [
        ("another kid", change("kid", json!("other"))),
        ("for encryption", change("use", json!("enc"))),
        ("for another algorithm", change("alg", json!("RS512"))),
        ("for HMAC", change("alg", json!("HS256"))),
        ("another type under the same kid", TestKey::p256("ci").jwk),
        ("1024 bits", change("n", json!("A".repeat(8) + &"_".repeat(163)))),
    ];
    for (name, jwk) in key_sets {
        let (verifier, fetch) = verifier();
        fetch.answer(KEYS, Ok(json!({"keys": [jwk, TestKey::p256("decoy").jwk]})));
        assert_eq!(code_of(&verifier.verify(&token(|_| ()), NOW).await), "token_invalid", "{name}");
    }
}

#[tokio::test]
async fn refuses_a_header_without_a_key_id() {
    for header in [
        json!({"alg": "RS256"}),
        json!({"alg": "RS256", "kid": ""}),
        json!({"alg": "RS256", "kid": null}),
        json!({"alg": "RS256", "kid": 5}),
    ] {
        let token = KEY.sign_parts(&header, &serde_json::to_string(&claims()).unwrap());
        assert_eq!(code(&token, NOW).await, "token_malformed", "{header}");
    }
}

#[tokio::test]
async fn one_issuers_key_does_not_verify_anothers_token() {
    let other = "https://other.example.com";
    let issuers = json!([
        {"issuer": ISSUER, "audiences": [AUDIENCE], "jwks": KEY.key_set()},
        {"issuer": other, "audiences": [AUDIENCE], "jwks": STRANGER.key_set()},
    ]);
    let verifier = Verifier::new(parse_issuers(&issuers.to_string()).unwrap(), 10, Arc::new(TestFetch::default()));
    assert_eq!(code_of(&verifier.verify(&with("iss", json!(other)), NOW).await), "token_invalid");
    assert_eq!(code_of(&verifier.verify(&STRANGER.sign(&claims()), NOW).await), "token_invalid");
    assert_eq!(code_of(&verifier.verify(&token(|_| ()), NOW).await), "verified");
}

#[tokio::test]
async fn every_other_algorithm_verifies_for_an_issuer_that_lists_it_and_no_other() {
    use jsonwebtoken::Algorithm::{PS256, PS384, PS512, RS384, RS512};

    let mut keys = vec![TestKey::p256("other"), TestKey::p384("other"), TestKey::ed25519("other")];
    keys.extend([RS384, RS512, PS256, PS384, PS512].map(|algorithm| KEY.clone().using(algorithm)));
    for key in keys {
        let own = format!("{:?}", key.algorithm);
        for (algorithms, expected) in [(json!(["RS256"]), "token_invalid"), (json!(["RS256", own]), "verified")] {
            let (verifier, _) = verifier_with(|entry| {
                entry.insert("jwks".to_owned(), key.key_set());
                entry.insert("algorithms".to_owned(), algorithms);
            });
            assert_eq!(code_of(&verifier.verify(&key.sign(&claims()), NOW).await), expected, "{own}");
        }
    }
}

#[tokio::test]
async fn no_message_of_a_refusal_holds_the_token() {
    let tokens = [
        with("aud", json!("https://other.example")),
        with("exp", json!(1)),
        with("job_id", json!("x")),
        with("iss", json!("https://evil.example")),
    ];
    for token in tokens {
        let (verifier, _) = verifier();
        let refusal = verifier.verify(&token, NOW).await.unwrap_err();
        for part in token.expose().split('.') {
            assert!(!format!("{refusal} {refusal:?}").contains(part));
        }
    }
}
