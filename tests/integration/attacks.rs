//! Tokens an attacker would send, and tokens a library's defaults would let through.

use brevet_function_kit::KeyFetcher;
use brevet_identity::Verifier;
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, Hmac, JobToken, LocalGitlab, RsaKey, Signer, Unsigned};
use serde_json::{Value, json};

use crate::support::{code, trust, verifier, verify};

/// A GitLab and a verifier that trusts it.
async fn trusted() -> (LocalGitlab, Verifier<KeyFetcher>) {
    let gitlab = LocalGitlab::start().await;
    let verifier = verifier(&trust(&gitlab, json!({})));
    (gitlab, verifier)
}

/// Claims that decide something: each has to be there, in its own type.
const REQUIRED: [&str; 15] = [
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "project_id",
    "project_path",
    "namespace_id",
    "pipeline_id",
    "job_id",
    "ref",
    "ref_type",
    "ref_path",
    "ref_protected",
];

#[tokio::test]
async fn a_claim_that_decides_something_is_never_missing_or_of_another_type() {
    let (gitlab, verifier) = trusted().await;
    for name in REQUIRED {
        let original = gitlab.job().claims()[name].clone();
        let wrong = [
            ("null", Value::Null),
            ("true", json!(true)),
            ("object", json!({})),
            ("object of itself", json!({ "x": original })),
            ("empty text", json!("")),
            ("empty list", json!([])),
            ("list of two", json!([original, original])),
            ("another type", if original.is_number() { json!(original.to_string()) } else { json!(4711) }),
            ("fraction", json!(1_795_320_000.5)),
        ];
        for (case, value) in wrong {
            if (name, case) == ("ref_protected", "empty text") {
                continue; // GitLab writes it so for a ref whose protection was never recorded.
            }
            let outcome = verify(&verifier, &gitlab.sign(&gitlab.job().claim(name, value))).await;
            assert_ne!(code(&outcome), "verified", "`{name}`: {case}");
        }
        let outcome = verify(&verifier, &gitlab.sign(&gitlab.job().without(name))).await;
        assert_ne!(code(&outcome), "verified", "`{name}`: missing");
    }
}

#[tokio::test]
async fn a_ref_is_protected_only_if_the_token_says_true() {
    let (gitlab, verifier) = trusted().await;
    for word in ["", "false", "True", "TRUE", "1", "yes", "true "] {
        let token = gitlab.sign(&gitlab.job().claim("ref_protected", word));
        let protected = verify(&verifier, &token).await.is_ok_and(|verified| verified.principal().ref_protected());
        assert!(!protected, "{word:?}");
    }
}

#[tokio::test]
async fn a_list_of_one_is_an_audience_and_nothing_else() {
    let (gitlab, verifier) = trusted().await;
    for name in REQUIRED {
        let list = json!([gitlab.job().claims()[name]]);
        let outcome = verify(&verifier, &gitlab.sign(&gitlab.job().claim(name, list))).await;
        assert_eq!(code(&outcome) == "verified", name == "aud", "`{name}`");
    }
}

#[tokio::test]
async fn a_claim_given_twice_is_refused_whichever_value_is_right() {
    let (gitlab, verifier) = trusted().await;
    for name in REQUIRED {
        let job = gitlab.job();
        let good = Value::Object(job.claims().clone()).to_string();
        let (first, last) = (format!(r#"{{"{name}":"x","#), format!(r#","{name}":"x"}}"#));
        let twice = [good.replacen('{', &first, 1), format!("{}{last}", good.trim_end_matches('}'))];
        for payload in twice {
            let outcome = verify(&verifier, &gitlab.sign(&job.clone().raw_payload(&payload))).await;
            assert_ne!(code(&outcome), "verified", "`{name}`");
        }
    }
}

#[tokio::test]
async fn only_the_key_for_job_tokens_under_its_own_algorithm_verifies() {
    let (gitlab, verifier) = trusted().await;
    let (ci, key_id) = (gitlab.instance().ci_key(), gitlab.instance().key_id());
    let own = RsaKey::generate(aws_lc_rs::rsa::KeySize::Rsa2048);
    let modulus = ci.public_jwk()["n"].to_string().into_bytes();
    let hmac = |secret: Vec<u8>| Hmac { secret, key_id: key_id.clone() };
    let unsigned = |signature: Vec<u8>| Unsigned { key_id: key_id.clone(), signature };
    let signers: Vec<(&str, Box<dyn Signer>)> = vec![
        ("another key under its own id", Box::new(RsaKey::from_der(&own.to_der()).expect("a key"))),
        ("the public key as an HMAC secret", Box::new(hmac(ci.public_der().to_vec()))),
        ("the key set's text as an HMAC secret", Box::new(hmac(modulus))),
        ("an empty HMAC secret", Box::new(hmac(Vec::new()))),
        ("no signature", Box::new(unsigned(Vec::new()))),
        ("no signature, but bytes", Box::new(unsigned(vec![0; 256]))),
        ("RS384", Box::new(ci.with_algorithm("RS384"))),
        ("PS256", Box::new(ci.with_algorithm("PS256"))),
    ];
    for (case, signer) in signers {
        let outcome = verify(&verifier, &gitlab.job().signed_by(signer.as_ref())).await;
        assert_ne!(code(&outcome), "verified", "{case}");
    }
    let borrowed = gitlab.job().header("kid", key_id).signed_by(&own);
    assert_eq!(code(&verify(&verifier, &borrowed).await), "token_invalid", "another key under the right id");
}

#[tokio::test]
async fn the_header_decides_nothing_but_which_key() {
    let (gitlab, verifier) = trusted().await;
    let own = RsaKey::generate(aws_lc_rs::rsa::KeySize::Rsa2048);
    let attacker = LocalGitlab::start().await;
    let cases: Vec<(&str, JobToken)> = vec![
        ("jwk", gitlab.job().header("jwk", own.public_jwk())),
        ("jku", gitlab.job().header("jku", format!("{}/oauth/discovery/keys", attacker.issuer()))),
        ("x5u", gitlab.job().header("x5u", attacker.issuer())),
        ("no kid", gitlab.job().header("kid", Value::Null)),
        ("empty kid", gitlab.job().header("kid", "")),
        ("kid that is a path", gitlab.job().header("kid", "../../dev/null")),
        ("critical extension", gitlab.job().header("crit", json!(["exp"]))),
    ];
    for (case, token) in cases {
        assert_ne!(code(&verify(&verifier, &token.signed_by(&own)).await), "verified", "{case}");
    }
    assert_eq!(attacker.counts(), Default::default(), "nobody went where the header pointed");
    let critical = gitlab.job().header("crit", json!(["exp"]));
    assert_ne!(code(&verify(&verifier, &gitlab.sign(&critical)).await), "verified", "even from the right key");
}

#[tokio::test]
async fn an_issuer_that_only_looks_like_ours_is_not_ours() {
    let (gitlab, verifier) = trusted().await;
    let issuer = gitlab.issuer();
    let port = issuer.rsplit(':').next().expect("the issuer has a port");
    let lookalikes = [
        format!("{issuer}/"),
        issuer.to_uppercase(),
        issuer.replace("http://", "https://"),
        format!("http://localhost:{port}@evil.example"),
        format!("http://user@localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost.:{port}"),
        format!("localhost:{port}"),
        format!("{issuer}#"),
        format!(" {issuer}"),
    ];
    for lookalike in lookalikes {
        let token = gitlab.sign(&gitlab.job().claim("iss", lookalike.as_str()));
        assert_eq!(code(&verify(&verifier, &token).await), "token_invalid", "{lookalike}");
    }
}

#[tokio::test]
async fn a_person_signing_in_is_no_job_even_if_the_audience_is_ours() {
    let (gitlab, verifier) = trusted().await;
    let sign_in = ["job_id", "pipeline_id", "project_id", "ref_path", "job_project_id"]
        .iter()
        .fold(gitlab.job().claim("sub", "2301").claim("aud", DEFAULT_AUDIENCE), |token, name| token.without(name));
    let token = sign_in.signed_by(gitlab.instance().sign_in_key().as_ref());
    assert_eq!(code(&verify(&verifier, &token).await), "not_a_job_token");
}

#[tokio::test]
async fn no_half_token_verifies() {
    let (gitlab, verifier) = trusted().await;
    let good = gitlab.sign(&gitlab.job());
    let (message, signature) = good.rsplit_once('.').expect("a token has three parts");
    let (header, payload) = message.split_once('.').expect("a token has three parts");
    let wrong = [
        message.to_owned(),
        format!("{message}."),
        format!("{good}."),
        format!("{good}="),
        format!("{good}\u{e9}"),
        format!("{payload}.{header}.{signature}"),
        format!("{header}.{payload}.{payload}"),
        format!("{header}..{signature}"),
        format!("glcbt-{good}"),
        "a".repeat(64 * 1024),
        ".".repeat(1000),
    ];
    for token in wrong {
        let outcome = verify(&verifier, &token).await;
        assert!(matches!(code(&outcome), "token_malformed" | "token_invalid" | "not_a_job_token"), "{token}");
    }
    assert_eq!(code(&verify(&verifier, &good).await), "verified");
}

#[tokio::test]
async fn a_rotated_key_verifies_and_the_old_one_does_not() {
    let gitlab = LocalGitlab::start().await;
    let old = gitlab.sign(&gitlab.job());
    gitlab.instance().rotate().expect("memory can be written");
    let verifier = verifier(&trust(&gitlab, json!({})));
    assert_eq!(code(&verify(&verifier, &gitlab.sign(&gitlab.job())).await), "verified");
    assert_eq!(code(&verify(&verifier, &old).await), "token_invalid");
}
