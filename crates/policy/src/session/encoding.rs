use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The most characters STS takes in a tag's value.
const LONGEST: usize = 256;

/// What marks a value that was cut: an encoded value never has two `=` in a row.
const CUT: &str = "==";

/// Writes any text in the characters and the length STS takes for a tag's value, so that two texts never become one.
///
/// ASCII letters, digits, space and `_.:/+@-` stay; every other byte is written `=HH`, which is quoted-printable's way.
/// What is then too long keeps its beginning and ends in `==` and the SHA-256 of the whole.
pub(super) fn encode(text: &str) -> String {
    let encoded: String = text.bytes().map(encode_byte).collect();
    if encoded.len() <= LONGEST {
        return encoded;
    }
    let mut digest = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(digest, "{byte:02x}");
    }
    let room = LONGEST - CUT.len() - digest.len();
    let mut beginning = String::with_capacity(LONGEST);
    for piece in text.bytes().map(encode_byte) {
        if beginning.len() + piece.len() > room {
            break;
        }
        beginning.push_str(&piece);
    }
    beginning + CUT + &digest
}

fn encode_byte(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b" _.:/+@-".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("={byte:02X}")
    }
}

#[cfg(test)]
mod tests;
