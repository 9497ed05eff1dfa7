//! Not signed, or not by whom the token says.

use brevet_tests::gitlab::{Hmac, JobToken, LocalGitlab, RsaKey, Signer, Unsigned};
use serde_json::{Value, json};

use super::trusted;
use crate::support::{code, trust, verifier, verify};

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
