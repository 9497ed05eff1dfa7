//! A JSON Web Key Set (RFC 7517), reduced to the keys that can verify a token.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;

use crate::algorithm::{Algorithm, KeyFamily};
use crate::digest::sha256;
use crate::json::read_object;

/// Shorter RSA keys are ignored.
const MIN_RSA_BITS: usize = 2_048;

/// Longer ones too: each verification costs more, and no GitLab has one.
const MAX_RSA_BITS: usize = 8_192;

/// The usable keys of an issuer, by key id.
#[derive(Clone)]
pub struct KeySet(BTreeMap<String, Arc<VerificationKey>>);

/// A public key and what it may be used for.
pub(crate) struct VerificationKey {
    family: KeyFamily,
    algorithm: Option<Algorithm>,
    decoding: DecodingKey,
    /// Tells one key from another under the same id.
    pub(crate) fingerprint: [u8; 32],
}

/// Why a document cannot serve as a key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// It is not `{"keys": [...]}`.
    #[error("not a JSON Web Key Set")]
    NotAKeySet,
    /// No key in it can verify a token.
    #[error("no usable signing key in it")]
    NoUsableKey,
}

#[derive(serde::Deserialize)]
struct RawKeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(serde::Deserialize)]
struct RawKey {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    /// Parses a whole set. Keys of another kind or use, and short ones, are left out; a set with no key left is an
    /// error, so that it can never replace a good one.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        let raw: RawKeySet = read_object(json).ok_or(KeySetError::NotAKeySet)?;
        let mut keys = BTreeMap::new();
        for value in raw.keys {
            let Ok(raw) = serde_json::from_value::<RawKey>(value) else { continue };
            if let Some(key) = VerificationKey::from_raw(&raw) {
                keys.entry(raw.kid).or_insert_with(|| Arc::new(key));
            }
        }
        if keys.is_empty() { Err(KeySetError::NoUsableKey) } else { Ok(Self(keys)) }
    }

    pub(crate) fn get(&self, kid: &str) -> Option<Arc<VerificationKey>> {
        self.0.get(kid).cloned()
    }
}

impl VerificationKey {
    fn from_raw(raw: &RawKey) -> Option<Self> {
        if raw.kid.is_empty() || raw.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let algorithm = match raw.alg.as_deref() {
            Some(name) => Some(Algorithm::parse(name)?),
            None => None,
        };
        let (family, decoding, material) = match (raw.kty.as_str(), raw.crv.as_deref()) {
            ("RSA", _) => {
                let (n, e) = (raw.n.as_deref()?, raw.e.as_deref()?);
                let bits = modulus_bits(n)?;
                if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
                    return None;
                }
                (KeyFamily::Rsa, DecodingKey::from_rsa_components(n, e).ok()?, [n, e])
            }
            ("EC", Some(curve @ ("P-256" | "P-384"))) => {
                let (x, y) = (raw.x.as_deref()?, raw.y.as_deref()?);
                let (family, bytes) = if curve == "P-256" { (KeyFamily::P256, 32) } else { (KeyFamily::P384, 48) };
                if !is_coordinate(x, bytes) || !is_coordinate(y, bytes) {
                    return None;
                }
                (family, DecodingKey::from_ec_components(x, y).ok()?, [x, y])
            }
            ("OKP", Some("Ed25519")) => {
                let x = raw.x.as_deref().filter(|x| is_coordinate(x, 32))?;
                (KeyFamily::Ed25519, DecodingKey::from_ed_components(x).ok()?, [x, ""])
            }
            _ => return None,
        };
        if algorithm.is_some_and(|algorithm| algorithm.key_family() != family) {
            return None;
        }
        let fingerprint = sha256(material.join(".").as_bytes());
        Some(Self { family, algorithm, decoding, fingerprint })
    }

    /// Whether the key may verify this algorithm: the right family, and the key's own `alg` if it has one.
    pub(crate) fn allows(&self, algorithm: Algorithm) -> bool {
        algorithm.key_family() == self.family && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// Verifies `signature` (base64url) over `signed`.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signed: &str, signature: &str) -> bool {
        jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &self.decoding, algorithm.to_jsonwebtoken())
            .unwrap_or(false)
    }
}

fn is_coordinate(text: &str, bytes: usize) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|decoded| decoded.len() == bytes)
}

fn modulus_bits(n: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(n).ok()?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let first = bytes.get(zeros)?;
    Some((bytes.len() - zeros) * 8 - first.leading_zeros() as usize)
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::TestKey;

    #[test]
    fn refuses_documents_without_a_usable_key() {
        let documents = [
            (json!(null), KeySetError::NotAKeySet),
            (json!([]), KeySetError::NotAKeySet),
            (json!({"keys": {}}), KeySetError::NotAKeySet),
            (json!({"keys": []}), KeySetError::NoUsableKey),
            (json!({"keys": [1, null, "x", {}]}), KeySetError::NoUsableKey),
            (json!({"keys": [{"kty": "oct", "kid": "k", "k": "c2VjcmV0"}]}), KeySetError::NoUsableKey),
            (json!({"keys": [{"kty": "RSA", "kid": "k", "n": "AQAB", "e": "AQAB"}]}), KeySetError::NoUsableKey),
            (
                json!({"keys": [{"kty": "EC", "kid": "k", "crv": "P-521", "x": "AA", "y": "AA"}]}),
                KeySetError::NoUsableKey,
            ),
        ];
        for (document, expected) in documents {
            assert_eq!(KeySet::parse(document.to_string().as_bytes()).err(), Some(expected), "{document}");
        }
    }

    #[test]
    fn refuses_documents_that_are_not_one_object_of_text() {
        let good = TestKey::p256("good").jwk;
        let with_bytes = [format!(r#"{{"keys":[{good}],"x":""#).as_bytes(), b"\xff\"}"].concat();
        for document in [with_bytes, format!("[[{good}]]").into_bytes()] {
            let text = document.escape_ascii();
            assert_eq!(KeySet::parse(&document).err(), Some(KeySetError::NotAKeySet), "{text}");
        }
    }

    #[test]
    fn one_bad_key_does_not_spoil_the_set() {
        let good = TestKey::p256("good").jwk;
        let set =
            json!({"keys": [{"kty": "RSA", "kid": 5}, {"kty": "RSA", "kid": "short", "n": "AQAB", "e": "AQAB"}, good]});
        let set = KeySet::parse(set.to_string().as_bytes()).unwrap();
        assert!(set.get("good").is_some());
        assert!(set.get("short").is_none());
    }

    #[test]
    fn leaves_out_a_point_with_a_coordinate_of_another_length() {
        let (p256, ed25519) = (TestKey::p256("k").jwk, TestKey::ed25519("k").jwk);
        for (jwk, member, bytes) in [(&p256, "x", 31), (&p256, "y", 33), (&p256, "x", 48), (&ed25519, "x", 33)] {
            let mut jwk = jwk.clone();
            jwk[member] = json!(URL_SAFE_NO_PAD.encode(vec![1; bytes]));
            let set = json!({"keys": [jwk]}).to_string();
            assert_eq!(
                KeySet::parse(set.as_bytes()).err(),
                Some(KeySetError::NoUsableKey),
                "{member} of {bytes} bytes"
            );
        }
    }

    #[test]
    fn counts_the_bits_of_a_modulus_without_leading_zeros() {
        for (bytes, bits) in [(vec![0, 0, 1], Some(1)), (vec![0x80, 0], Some(16)), (vec![0, 0], None), (vec![], None)] {
            assert_eq!(modulus_bits(&URL_SAFE_NO_PAD.encode(&bytes)), bits, "{bytes:?}");
        }
    }
}
