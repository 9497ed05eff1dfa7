use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{self, KeyPair as _, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Something that can sign a token.
pub trait Signer {
    /// `alg` of the header.
    fn algorithm(&self) -> &str;
    /// `kid` of the header.
    fn key_id(&self) -> String;
    /// The signature over the first two parts of the token.
    fn sign(&self, message: &[u8]) -> Vec<u8>;
}

/// An RSA key pair that signs with one algorithm, RS256 unless told otherwise.
///
/// Signing uses the cryptographic library directly, not the JWT library under test: the two cannot be wrong together.
#[derive(Debug)]
pub struct RsaKey {
    pair: KeyPair,
    algorithm: &'static str,
}

impl RsaKey {
    /// A new pair.
    pub fn generate(size: KeySize) -> Self {
        Self { pair: KeyPair::generate(size).expect("an RSA key can be generated"), algorithm: "RS256" }
    }

    /// Reads what [`to_der`](Self::to_der) wrote.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        KeyPair::from_pkcs8(der).ok().map(|pair| Self { pair, algorithm: "RS256" })
    }

    /// The private key as PKCS #8.
    pub fn to_der(&self) -> Vec<u8> {
        let der: Pkcs8V1Der = self.pair.as_der().expect("an RSA key has a PKCS #8 form");
        der.as_ref().to_vec()
    }

    /// The same key under another RSA algorithm: `RS256`, `RS384`, `RS512`, `PS256`, `PS384` or `PS512`.
    pub fn with_algorithm(&self, algorithm: &'static str) -> Self {
        let pair = KeyPair::from_pkcs8(&self.to_der()).expect("the key was readable before");
        Self { pair, algorithm }
    }

    /// The entry of the key set: the six members GitLab publishes and no others.
    pub fn public_jwk(&self) -> Value {
        let (exponent, modulus) = self.public_numbers();
        json!({"kty": "RSA", "kid": self.key_id(), "e": exponent, "n": modulus, "use": "sig", "alg": "RS256"})
    }

    /// The public key as PKCS #1 has it (RFC 8017, appendix A.1.1), in DER.
    pub fn public_pkcs1(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// The public key as X.509 has it (`SubjectPublicKeyInfo`), in DER.
    pub fn public_spki(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = self.pair.public_key().as_der().expect("an RSA key has an X.509 form");
        der.as_ref().to_vec()
    }

    fn public_numbers(&self) -> (String, String) {
        let public = self.pair.public_key();
        let encode = |number: &[u8]| URL_SAFE_NO_PAD.encode(number);
        (
            encode(public.exponent().big_endian_without_leading_zero()),
            encode(public.modulus().big_endian_without_leading_zero()),
        )
    }

    fn padding(&self) -> &'static dyn RsaEncoding {
        match self.algorithm {
            "RS384" => &signature::RSA_PKCS1_SHA384,
            "RS512" => &signature::RSA_PKCS1_SHA512,
            "PS256" => &signature::RSA_PSS_SHA256,
            "PS384" => &signature::RSA_PSS_SHA384,
            "PS512" => &signature::RSA_PSS_SHA512,
            _ => &signature::RSA_PKCS1_SHA256,
        }
    }
}

impl Signer for RsaKey {
    fn algorithm(&self) -> &str {
        self.algorithm
    }

    /// The RFC 7638 thumbprint, which is what GitLab calls its keys.
    fn key_id(&self) -> String {
        let (exponent, modulus) = self.public_numbers();
        thumbprint(&exponent, &modulus)
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(self.padding(), &SystemRandom::new(), message, &mut bytes).expect("an RSA key can sign");
        bytes
    }
}

/// RFC 7638: the SHA-256 of the required members in alphabetical order.
fn thumbprint(exponent: &str, modulus: &str) -> String {
    let canonical = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}

/// Forty hexadecimal digits that look like a commit and depend on nothing but the text.
pub(super) fn hex_sha(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

/// A random UUID (version 4).
pub(super) fn uuid() -> String {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system has randomness");
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let (a, rest) = hex.split_at(8);
    let (b, rest) = rest.split_at(4);
    let (c, rest) = rest.split_at(4);
    let (d, e) = rest.split_at(4);
    format!("{a}-{b}-{c}-{d}-{e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7638, section 3.1.
    #[test]
    fn computes_the_thumbprint_of_the_rfc() {
        let modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n\
                       3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0z\
                       gdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-cs\
                       FCur-kEgU8awapJzKnqDKgw";
        assert_eq!(thumbprint("AQAB", modulus), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }
}
