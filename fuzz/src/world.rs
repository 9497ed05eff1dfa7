//! One job, one key that an issuer is trusted with, and the rows and verifiers made from them.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use brevet_identity::{FetchError, FetchKeySet, KeyFetch, Principal, Verifier, parse_issuers};
use serde_json::{Map, Value, json};

pub(crate) const ISSUER: &str = "https://gitlab.example.com";
pub(crate) const AUDIENCE: &str = "https://brevet.example.com";
pub(crate) const ISSUED_AT: u64 = 1_790_000_000;
pub(crate) const NOW: u64 = ISSUED_AT + 60;
pub(crate) const LEEWAY: u64 = 10;
pub(crate) const KID: &str = "fuzz";

/// What stands in an input where a signed token belongs.
pub(crate) const PLACEHOLDER: &str = "{{token}}";

/// The claims of a push to protected `main`.
pub(crate) fn claims() -> Map<String, Value> {
    object(json!({
        "iss": ISSUER, "aud": AUDIENCE, "jti": "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a",
        "iat": ISSUED_AT, "nbf": ISSUED_AT - 5, "exp": ISSUED_AT + 3600,
        "sub": "project_path:nordwind/platform/payments-api:ref_type:branch:ref:main",
        "project_id": "4711", "project_path": "nordwind/platform/payments-api",
        "namespace_id": "812", "namespace_path": "nordwind/platform",
        "job_project_id": "4711", "job_project_path": "nordwind/platform/payments-api",
        "user_id": "2301", "user_login": "mlind", "user_email": "mlind@example.com",
        "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
        "environment": "production/eu-west-1", "environment_protected": "true", "runner_id": 88,
    }))
}

/// The job with these claims instead of its own, if it still is one.
pub(crate) fn principal(changes: Value) -> Option<Principal> {
    let mut claims = claims();
    claims.extend(object(changes));
    Principal::from_unverified_claims(&bytes(&claims)).ok()
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

pub(crate) fn bytes(claims: &Map<String, Value>) -> Vec<u8> {
    Value::Object(claims.clone()).to_string().into_bytes()
}

/// A token as the trusted issuer would sign it.
pub(crate) fn sign(payload: &[u8]) -> String {
    sign_by(&key(7), payload)
}

/// A token under the trusted issuer's name and key id, signed by a stranger.
#[cfg(feature = "functions")]
pub(crate) fn forge(payload: &[u8]) -> String {
    sign_by(&key(8), payload)
}

/// The public half of the trusted key.
pub(crate) fn jwk() -> Value {
    let x = URL_SAFE_NO_PAD.encode(key(7).public_key().as_ref());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": KID, "use": "sig", "alg": "EdDSA", "x": x})
}

/// Keys of the other families, whose private halves nobody here has: those of RFC 7515, appendices A.2 and A.3.
pub(crate) fn other_keys() -> [Value; 2] {
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    [
        json!({"kty": "RSA", "kid": "rsa", "use": "sig", "n": n, "e": "AQAB"}),
        json!({"kty": "EC", "crv": "P-256", "kid": "p256", "use": "sig",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
    ]
}

/// `TRUSTED_ISSUERS` with the trusted issuer and more members in its entry.
pub(crate) fn trusted(more: Value) -> String {
    let mut entry = object(json!({
        "issuer": ISSUER, "audiences": [AUDIENCE], "algorithms": ["EdDSA", "RS256", "PS256", "ES256"],
    }));
    entry.extend(object(more));
    json!([entry]).to_string()
}

/// `TRUSTED_ISSUERS` with all keys in it.
pub(crate) fn trusted_with_keys(more: Value) -> String {
    let [rsa, p256] = other_keys();
    let mut more = object(more);
    more.insert("jwks".to_owned(), json!({"keys": [jwk(), rsa, p256]}));
    trusted(Value::Object(more))
}

/// The verifier of most checks: it has its keys and fetches nothing.
pub(crate) fn verifier() -> &'static Verifier<NoNetwork> {
    static VERIFIER: OnceLock<Verifier<NoNetwork>> = OnceLock::new();
    VERIFIER.get_or_init(|| {
        let issuers = parse_issuers(&trusted_with_keys(json!({}))).expect("the issuer is well formed");
        Verifier::new(issuers, LEEWAY, Arc::new(NoNetwork))
    })
}

/// Runs to the end what waits for nothing outside this process.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// Whoever fetches has a key set that should not have been needed.
pub(crate) struct NoNetwork;

impl FetchKeySet for NoNetwork {
    async fn fetch(&self, url: &str, _ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        panic!("{url} was fetched, although the keys are in the configuration")
    }

    fn fetched(&self, _fetch: KeyFetch<'_>) {}
}

fn key(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("any 32 bytes are a seed")
}

fn sign_by(key: &Ed25519KeyPair, payload: &[u8]) -> String {
    let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": KID}).to_string();
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}
