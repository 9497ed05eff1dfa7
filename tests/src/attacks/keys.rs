use std::sync::{Arc, LazyLock};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::gitlab::RsaKey;

/// A 1,024-bit RSA key that nobody should accept; the cryptographic library would not even make one. Its private half
/// signed the one token of the tables that is written out.
const SHORT_MODULUS: &str = include_str!("short_key.txt");

/// Keys that the GitLab under attack does not have. All of one process share them: making them takes time.
pub(super) struct Strangers {
    /// Of an attacker, in no key set.
    pub(super) stranger: Arc<RsaKey>,
    /// Of the other trusted issuer.
    pub(super) other: Arc<RsaKey>,
    /// The other issuer's second one.
    pub(super) second: Arc<RsaKey>,
    elliptic: EcdsaKeyPair,
    edwards: Ed25519KeyPair,
}

pub(super) static STRANGERS: LazyLock<Strangers> = LazyLock::new(|| {
    let rsa = || Arc::new(RsaKey::generate(KeySize::Rsa2048));
    Strangers {
        stranger: rsa(),
        other: rsa(),
        second: rsa(),
        elliptic: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key can be generated"),
        edwards: Ed25519KeyPair::generate().expect("a key can be generated"),
    }
});

impl Strangers {
    /// ES256.
    pub(super) fn sign_elliptic(&self, message: &[u8]) -> Vec<u8> {
        self.elliptic.sign(&SystemRandom::new(), message).expect("the key can sign").as_ref().to_vec()
    }

    /// EdDSA.
    pub(super) fn sign_edwards(&self, message: &[u8]) -> Vec<u8> {
        self.edwards.sign(message).as_ref().to_vec()
    }

    /// The other issuer's key set: every key an issuer could publish by mistake, and one under an id of this GitLab.
    pub(super) fn key_set(&self, borrowed_kid: &str) -> Value {
        let (other, second) = (self.other.public_jwk(), self.second.public_jwk());
        json!({"keys": [
            with(&other, json!({"kid": borrowed_kid})),
            with(&second, json!({"kid": "second", "use": null, "alg": null})),
            with(&second, json!({"kid": "for-encryption", "use": "enc"})),
            with(&second, json!({"kid": "for-another-algorithm", "alg": "PS256"})),
            with(&second, json!({"kid": "for-key-wrapping", "alg": "RSA-OAEP", "use": null})),
            with(&second, json!({"kid": "of-another-family", "alg": "ES256"})),
            with(&second, json!({"kid": "named-elliptic", "kty": "EC", "alg": null})),
            with(&second, json!({"kid": "first-unusable", "use": "enc"})),
            with(&second, json!({"kid": "first-unusable"})),
            with(&second, json!({"kid": "two-families"})),
            self.elliptic_jwk("two-families"),
            self.elliptic_jwk("elliptic"),
            self.edwards_jwk("edwards"),
            {"kty": "RSA", "kid": "short", "use": "sig", "alg": "RS256", "e": "AQAB", "n": SHORT_MODULUS.trim()},
            {"kty": "oct", "kid": "symmetric", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode("symmetric-secret")},
        ]})
    }

    fn elliptic_jwk(&self, kid: &str) -> Value {
        let point = self.elliptic.public_key().as_ref();
        let part = |from: usize| URL_SAFE_NO_PAD.encode(point.get(from..from + 32).expect("a point has 65 bytes"));
        json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "alg": "ES256", "x": part(1), "y": part(33)})
    }

    fn edwards_jwk(&self, kid: &str) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.edwards.public_key().as_ref());
        json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "alg": "EdDSA", "x": x})
    }
}

/// HS256, HS384 or HS512.
pub(super) fn sign_hmac(algorithm: &str, secret: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = match algorithm {
        "HS256" => hmac::HMAC_SHA256,
        "HS384" => hmac::HMAC_SHA384,
        "HS512" => hmac::HMAC_SHA512,
        _ => panic!("there is no HMAC `{algorithm}`"),
    };
    hmac::sign(&hmac::Key::new(algorithm, secret), message).as_ref().to_vec()
}

/// A key with other members; `null` leaves one out.
fn with(jwk: &Value, members: Value) -> Value {
    let (Value::Object(mut jwk), Value::Object(members)) = (jwk.clone(), members) else { panic!("a key is an object") };
    jwk.extend(members);
    jwk.retain(|_, value| !value.is_null());
    Value::Object(jwk)
}
