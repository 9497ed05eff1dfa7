//! Behind a good signature: audience, times, and whether it is a job at all.

use super::*;

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
