use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::failure::Failure;
use crate::token::LOOPBACK_SECRET_PREFIX;

/// What proves that a caller of the loopback endpoint is the command that was started: 256 random bits.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    /// A new one.
    pub(super) fn random() -> Result<Self, Failure> {
        let mut bytes = [0; 32];
        fill(&mut bytes).map_err(|_| Failure::unavailable("no_randomness", "this machine gives no random numbers"))?;
        Ok(Self(format!("{LOOPBACK_SECRET_PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// For the environment of the command, and nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this is it; the time it takes does not tell how much of it was right.
    pub(super) fn is(&self, presented: &[u8]) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), presented).is_ok()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_new_each_time_and_256_bits_long() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.expose().len(), LOOPBACK_SECRET_PREFIX.len() + 43);
        assert!(one.is(one.expose().as_bytes()) && !one.is(other.expose().as_bytes()) && !one.is(b""));
    }
}
