//! The spellings of a public key that an attacker would try as an HMAC secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::gitlab::RsaKey;

/// The key in one spelling, or `None` if there is no such spelling.
pub(super) fn spelled(key: &RsaKey, spelling: &str) -> Option<Vec<u8>> {
    let jwk = key.public_jwk();
    let modulus = jwk.get("n").and_then(|modulus| modulus.as_str()).expect("an RSA key has a modulus");
    Some(match spelling {
        "der" => key.public_spki(),
        "pkcs1" => key.public_pkcs1().to_vec(),
        "pem" => pem("PUBLIC KEY", &key.public_spki(), "\n").into_bytes(),
        "pem without newline" => pem("PUBLIC KEY", &key.public_spki(), "").into_bytes(),
        "pkcs1 pem" => pem("RSA PUBLIC KEY", key.public_pkcs1(), "\n").into_bytes(),
        "jwk" => jwk.to_string().into_bytes(),
        "n" => modulus.as_bytes().to_vec(),
        "modulus" => URL_SAFE_NO_PAD.decode(modulus).expect("a modulus is base64url"),
        _ => return None,
    })
}

fn pem(label: &str, der: &[u8], end: &str) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----{end}", lines.join("\n"))
}
