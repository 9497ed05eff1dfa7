//! Tokens that were verified before.

use super::*;

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
        [("another key id", &TestKey::p256("new")), ("another key under the same id", &*STRANGER)]
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
async fn a_verified_token_is_remembered_and_a_refused_one_is_not() {
    let (verifier, _) = verifier();
    for (token, remembered) in [(token(|_| ()), true), (with("aud", json!("https://other.example")), false)] {
        let _ = verifier.verify(&token, NOW).await;
        let principal = verifier.verified_before(TokenDigest::of(&token), NOW).await.unwrap();
        assert_eq!(principal.is_some(), remembered);
    }
}

#[tokio::test]
async fn keys_that_were_fetched_before_the_first_request_are_not_fetched_for_it() {
    let (verifier, fetch) = verifier();
    verifier.prime(NOW).await;
    assert_eq!(fetch.asked(), 1);
    assert_eq!(code_of(&verifier.verify(&token(|_| ()), NOW).await), "verified");
    assert_eq!(fetch.asked(), 1);
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
