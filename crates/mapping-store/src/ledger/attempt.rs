use crate::fault::StoreUnavailable;
use crate::hex::hex;

/// One request's claim to a use: the name under which it is counted, however often the count is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt(String);

impl Attempt {
    /// An attempt that is no other: 16 random bytes.
    ///
    /// Fails if there is no randomness to be had: two attempts of one name would be one use.
    pub fn new() -> Result<Self, StoreUnavailable> {
        let mut bytes = [0; 16];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreUnavailable::Other)?;
        Ok(Self(hex(&bytes)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_the_same_twice() {
        let (one, other) = (Attempt::new().unwrap(), Attempt::new().unwrap());
        assert_ne!(one, other);
        assert!(one.as_str().len() == 32 && one.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
