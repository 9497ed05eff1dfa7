use std::sync::LazyLock;

use serde_json::{Map, json};

use super::*;
use crate::issuer::parse_issuers;
use crate::test_support::{AUDIENCE, ISSUED_AT, ISSUER, TestFetch, TestKey, claims};

const KEYS: &str = "https://gitlab.example.com/oauth/discovery/keys";
const NOW: u64 = ISSUED_AT + 60;

static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::rsa("ci"));

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
    let stranger = TestKey::rsa("ci");
    let payload = serde_json::to_string(&claims()).unwrap();
    let header = json!({"alg": "RS256", "kid": "ci", "jwk": stranger.jwk, "jku": "https://evil.example/keys", "x5u": "https://evil.example", "x5c": ["MIIB"]});
    let (verifier, fetch) = verifier();
    assert_eq!(code_of(&verifier.verify(&stranger.sign_parts(&header, &payload), NOW).await), "token_invalid");
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
async fn refuses_every_audience_but_exactly_one_of_ours() {
    let refused = [
        json!("https://other.example"),
        json!([AUDIENCE, "https://other.example"]),
        json!([AUDIENCE, AUDIENCE]),
        json!([]),
        json!([5]),
        json!(null),
        json!(5),
        json!({"0": AUDIENCE}),
        json!(""),
        json!(format!("{AUDIENCE}/")),
        json!([[AUDIENCE]]),
    ];
    for audience in refused {
        assert_eq!(code(&with("aud", audience.clone()), NOW).await, "audience_not_accepted", "{audience}");
    }
    assert_eq!(code(&token(|claims| drop(claims.remove("aud"))), NOW).await, "audience_not_accepted");
    assert_eq!(code(&with("aud", json!([AUDIENCE])), NOW).await, "verified");
}

#[tokio::test]
async fn refuses_times_that_are_missing_or_no_whole_seconds() {
    for claim in ["exp", "nbf", "iat"] {
        assert_eq!(code(&token(|claims| drop(claims.remove(claim))), NOW).await, "token_malformed", "{claim} missing");
        for value in [json!(null), json!("1790000000"), json!(1_790_000_000.5), json!(-1), json!([]), json!(true)] {
            assert_eq!(code(&with(claim, value.clone()), NOW).await, "token_malformed", "{claim} {value}");
        }
    }
}

#[tokio::test]
async fn keeps_to_the_second_at_both_ends_of_the_leeway() {
    let cases = [
        ("last second", "exp", ISSUED_AT + 61, ISSUED_AT + 70, "verified"),
        ("first second too late", "exp", ISSUED_AT + 61, ISSUED_AT + 71, "token_expired"),
        ("largest exp", "exp", u64::MAX, NOW, "token_too_old"),
        ("first second", "nbf", NOW + 10, NOW, "verified"),
        ("a second too early", "nbf", NOW + 11, NOW, "token_not_yet_valid"),
        ("issued ahead within the leeway", "iat", NOW + 10, NOW, "verified"),
        ("issued further ahead", "iat", NOW + 11, NOW, "token_not_yet_valid"),
        ("oldest", "exp", ISSUED_AT + 7200, ISSUED_AT + 3600, "verified"),
        ("a second older", "exp", ISSUED_AT + 7200, ISSUED_AT + 3601, "token_too_old"),
        ("longest life", "exp", ISSUED_AT + 86_400, NOW, "verified"),
        ("a second longer", "exp", ISSUED_AT + 86_401, NOW, "token_too_old"),
    ];
    for (name, claim, value, now, expected) in cases {
        assert_eq!(code(&with(claim, json!(value)), now).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_sign_in_token_is_no_job_whatever_its_audience() {
    for audience in [AUDIENCE, "2f0c4b1e9a7d4c6f8e5b3a1d0c9f8e7d"] {
        // As GitLab makes them: no `nbf`, and an application's id as audience.
        let sign_in = json!({"iss": ISSUER, "aud": audience, "sub": "2301", "iat": ISSUED_AT, "exp": ISSUED_AT + 120, "auth_time": ISSUED_AT});
        let Value::Object(sign_in) = sign_in else { unreachable!() };
        assert_eq!(code(&KEY.sign(&sign_in), NOW).await, "not_a_job_token");
    }
}

#[tokio::test]
async fn tells_the_log_whose_token_was_rejected_once_the_signature_is_good() {
    let (verifier, _) = verifier();
    let token = token(|_| ());
    for (name, now) in [("first seen", ISSUED_AT + 9_000), ("good", NOW), ("seen before", ISSUED_AT + 9_000)] {
        match verifier.verify(&token, now).await {
            Ok(_) => assert_eq!(name, "good"),
            Err(VerifyError::RejectedJob { job, .. }) => {
                assert_eq!(
                    (job.project_id.as_deref(), job.job_id.as_deref()),
                    (Some("4711"), Some("5550142")),
                    "{name}"
                );
                assert_eq!(job.jti.as_deref(), Some("0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a"), "{name}");
            }
            Err(error) => panic!("{name}: {error:?}"),
        }
    }
    let strange = with("iss", json!("https://evil.example"));
    assert!(matches!(verifier.verify(&strange, NOW).await, Err(VerifyError::Rejected(_))));
}

#[tokio::test]
async fn a_claim_that_appears_twice_is_refused() {
    let payload = serde_json::to_string(&claims()).unwrap().replacen('{', r#"{"ref":"release","#, 1);
    let token = KEY.sign_parts(&json!({"alg": "RS256", "kid": "ci"}), &payload);
    assert_eq!(code(&token, NOW).await, "token_malformed");
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
    let stranger = TestKey::rsa("ci");
    let issuers = json!([
        {"issuer": ISSUER, "audiences": [AUDIENCE], "jwks": KEY.key_set()},
        {"issuer": other, "audiences": [AUDIENCE], "jwks": stranger.key_set()},
    ]);
    let verifier = Verifier::new(parse_issuers(&issuers.to_string()).unwrap(), 10, Arc::new(TestFetch::default()));
    assert_eq!(code_of(&verifier.verify(&with("iss", json!(other)), NOW).await), "token_invalid");
    assert_eq!(code_of(&verifier.verify(&stranger.sign(&claims()), NOW).await), "token_invalid");
    assert_eq!(code_of(&verifier.verify(&token(|_| ()), NOW).await), "verified");
}

#[tokio::test]
async fn every_other_algorithm_verifies_for_an_issuer_that_lists_it_and_no_other() {
    use jsonwebtoken::Algorithm::{PS256, PS384, PS512, RS384, RS512};

    let mut keys = vec![TestKey::p256("other"), TestKey::p384("other"), TestKey::ed25519("other")];
    keys.extend([RS384, RS512, PS256, PS384, PS512].map(|algorithm| TestKey::rsa("other").using(algorithm)));
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
async fn a_token_seen_before_is_refused_once_its_time_has_passed() {
    let (verifier, _) = verifier();
    let token = token(|_| ());
    assert_eq!(code_of(&verifier.verify(&token, NOW).await), "verified");
    assert_eq!(code_of(&verifier.verify(&token, ISSUED_AT + 3_610).await), "token_expired");
    assert_eq!(code_of(&verifier.verify(&token, ISSUED_AT - 60).await), "token_not_yet_valid");
}

#[tokio::test]
async fn a_token_seen_before_is_refused_once_its_key_has_left_the_set() {
    let (verifier, fetch) =
        verifier_with(|entry| drop(entry.insert("max_token_age_seconds".to_owned(), json!(86_400))));
    let token = token(|claims| drop(claims.insert("exp".to_owned(), json!(ISSUED_AT + 80_000))));
    assert_eq!(code_of(&verifier.verify(&token, NOW).await), "verified");
    for (name, replacement) in
        [("another key id", TestKey::rsa("new")), ("another key under the same id", TestKey::rsa("ci"))]
    {
        let (verifier, fetch) = self::verifier();
        assert_eq!(code_of(&verifier.verify(&self::token(|_| ()), NOW).await), "verified");
        fetch.answer(KEYS, Ok(replacement.key_set()));
        let unknown =
            KEY.sign_parts(&json!({"alg": "RS256", "kid": "made-up"}), &serde_json::to_string(&claims()).unwrap());
        assert_eq!(code_of(&verifier.verify(&unknown, NOW + 31).await), "token_invalid");
        assert_eq!(code_of(&verifier.verify(&self::token(|_| ()), NOW + 32).await), "token_invalid", "{name}");
    }
    fetch.answer(KEYS, Err(crate::key_fetch::FetchError::Connect));
    assert_eq!(
        code_of(&verifier.verify(&token, ISSUED_AT + 60 + 86_400 - 20_000).await),
        "verified",
        "an outage alone refuses nothing"
    );
}

#[tokio::test]
async fn verdicts_with_and_without_the_memory_are_the_same() {
    let tokens = [
        token(|_| ()),
        with("ref", json!("x")),
        with("aud", json!("https://other.example")),
        with("project_id", json!("x")),
    ];
    let (remembering, _) = verifier();
    for now in [ISSUED_AT - 60, NOW, NOW, ISSUED_AT + 3_599, ISSUED_AT + 4_000] {
        for token in &tokens {
            assert_eq!(code_of(&remembering.verify(token, now).await), code(token, now).await);
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
