use aws_lc_rs::digest::{SHA256, digest};

/// SHA-256 as the library has it that verifies the signatures: every request hashes a token, and where the processor has
/// no instructions for it this takes half the time of `sha2`.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let made = digest(&SHA256, bytes);
    let mut whole = [0; 32];
    whole.iter_mut().zip(made.as_ref()).for_each(|(to, from)| *to = *from);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_one_of_the_standard() {
        // FIPS 180-4, example "abc".
        let hex: String = sha256(b"abc").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
