//! The claims of an ordinary push to a protected branch, of which tests change one; a key to sign them with; a server
//! that hands out keys.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::key_fetch::{FetchError, FetchKeySet, KeyFetch};
use crate::token::BearerToken;

pub(crate) const ISSUER: &str = "https://gitlab.example.com";
pub(crate) const AUDIENCE: &str = "https://brevet.example.com";
pub(crate) const ISSUED_AT: u64 = 1_790_000_000;

pub(crate) fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "jti": "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a",
        "iat": ISSUED_AT, "nbf": ISSUED_AT - 5, "exp": ISSUED_AT + 3600,
        "sub": "project_path:nordwind/platform/payments-api:ref_type:branch:ref:main",
        "project_id": "4711", "project_path": "nordwind/platform/payments-api",
        "namespace_id": "812", "namespace_path": "nordwind/platform",
        "job_project_id": "4711", "job_project_path": "nordwind/platform/payments-api",
        "job_namespace_id": "812", "job_namespace_path": "nordwind/platform",
        "user_id": "2301", "user_login": "mlind", "user_email": "mlind@example.com", "user_access_level": "maintainer",
        "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142", "job_source": "push",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
        "environment": "production/eu-west-1", "environment_protected": "true",
        "deployment_tier": "production", "environment_action": "start",
        "runner_id": 88, "runner_environment": "self-hosted", "sha": "3f5c1d0b7a1e4f0c9d2b6a8e7c5d4f3a2b1c0d9e",
        "project_visibility": "private", "ci_config_sha": "3f5c1d0b7a1e4f0c9d2b6a8e7c5d4f3a2b1c0d9e",
        "ci_config_ref_uri": "gitlab.example.com/nordwind/platform/payments-api//.gitlab-ci.yml@refs/heads/main",
        "groups_direct": ["nordwind/platform"],
    });
    let Value::Object(claims) = claims else { unreachable!("the literal is an object") };
    claims
}

/// A signing key of the test's own, as a GitLab would have it.
#[derive(Clone)]
pub(crate) struct TestKey {
    pub(crate) kid: &'static str,
    pub(crate) algorithm: jsonwebtoken::Algorithm,
    pub(crate) jwk: Value,
    signing: jsonwebtoken::EncodingKey,
}

impl TestKey {
    pub(crate) fn rsa(kid: &'static str) -> Self {
        use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
        use aws_lc_rs::rsa::{KeyPair, KeySize};
        use aws_lc_rs::signature::KeyPair as _;

        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let n = encode(pair.public_key().modulus().big_endian_without_leading_zero());
        let e = encode(pair.public_key().exponent().big_endian_without_leading_zero());
        Self {
            kid,
            algorithm: jsonwebtoken::Algorithm::RS256,
            jwk: json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": n, "e": e}),
            signing: jsonwebtoken::EncodingKey::from_rsa_pem(pem("PRIVATE KEY", pkcs8.as_ref()).as_bytes()).unwrap(),
        }
    }

    pub(crate) fn p256(kid: &'static str) -> Self {
        use aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING as P256;
        Self::elliptic(kid, &P256, "P-256", 32, jsonwebtoken::Algorithm::ES256)
    }

    pub(crate) fn p384(kid: &'static str) -> Self {
        use aws_lc_rs::signature::ECDSA_P384_SHA384_FIXED_SIGNING as P384;
        Self::elliptic(kid, &P384, "P-384", 48, jsonwebtoken::Algorithm::ES384)
    }

    pub(crate) fn ed25519(kid: &'static str) -> Self {
        use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Self {
            kid,
            algorithm: jsonwebtoken::Algorithm::EdDSA,
            jwk: json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "x": x}),
            signing: jsonwebtoken::EncodingKey::from_ed_der(pkcs8.as_ref()),
        }
    }

    fn elliptic(
        kid: &'static str,
        curve: &'static aws_lc_rs::signature::EcdsaSigningAlgorithm,
        crv: &str,
        bytes: usize,
        algorithm: jsonwebtoken::Algorithm,
    ) -> Self {
        use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair as _};

        let pkcs8 = EcdsaKeyPair::generate_pkcs8(curve, &aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(curve, pkcs8.as_ref()).unwrap();
        // An uncompressed point: a byte 4, then both coordinates.
        let coordinates = &pair.public_key().as_ref()[1..];
        let (x, y) = (URL_SAFE_NO_PAD.encode(&coordinates[..bytes]), URL_SAFE_NO_PAD.encode(&coordinates[bytes..]));
        Self {
            kid,
            algorithm,
            jwk: json!({"kty": "EC", "crv": crv, "kid": kid, "use": "sig", "x": x, "y": y}),
            signing: jsonwebtoken::EncodingKey::from_ec_der(pkcs8.as_ref()),
        }
    }

    /// The same key for another algorithm of its family.
    pub(crate) fn using(mut self, algorithm: jsonwebtoken::Algorithm) -> Self {
        self.algorithm = algorithm;
        if let Some(jwk) = self.jwk.as_object_mut() {
            jwk.remove("alg");
        }
        self
    }

    pub(crate) fn key_set(&self) -> Value {
        json!({"keys": [self.jwk]})
    }

    /// Signs the claims under the ordinary header.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> BearerToken {
        self.sign_parts(
            &json!({"alg": format!("{:?}", self.algorithm), "typ": "JWT", "kid": self.kid}),
            &serde_json::to_string(claims).unwrap(),
        )
    }

    /// Signs whatever header and payload, with this key's own algorithm.
    pub(crate) fn sign_parts(&self, header: &Value, payload: &str) -> BearerToken {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(payload));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &self.signing, self.algorithm).unwrap();
        BearerToken::from_authorization([format!("{signed}.{signature}").as_str()]).unwrap()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::engine::general_purpose::STANDARD;
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// An issuer's server: answers what the test last told it to, and counts.
#[derive(Default)]
pub(crate) struct TestFetch {
    pub(crate) answers: Mutex<HashMap<String, Result<Vec<u8>, FetchError>>>,
    pub(crate) asked: AtomicUsize,
    pub(crate) delay: Mutex<Duration>,
}

impl TestFetch {
    pub(crate) fn answer(&self, url: &str, answer: Result<Value, FetchError>) {
        self.answers.lock().unwrap().insert(url.to_owned(), answer.map(|value| value.to_string().into_bytes()));
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl FetchKeySet for TestFetch {
    async fn fetch(&self, url: &str, _ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let delay = *self.delay.lock().unwrap();
        tokio::time::sleep(delay).await;
        self.answers.lock().unwrap().get(url).cloned().unwrap_or(Err(FetchError::Connect))
    }

    fn fetched(&self, _fetch: KeyFetch<'_>) {}
}
