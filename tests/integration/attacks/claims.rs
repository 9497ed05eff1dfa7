//! Well signed, and not what a job's token says.

use brevet_tests::gitlab::DEFAULT_AUDIENCE;
use serde_json::{Value, json};

use super::trusted;
use crate::support::{code, verify};

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
