//! Tokens whose signature has been verified before. SDKs and authorizers see the same token again and again, and a
//! signature does not change: only time and keys do, and those are looked at every time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::digest::sha256;
use crate::principal::Principal;
use crate::token::BearerToken;

/// Entries are about 4 KiB each.
const CAPACITY: usize = 1_024;

/// SHA-256 of the whole token, signature included: nobody can name an entry without having the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TokenDigest([u8; 32]);

impl TokenDigest {
    pub(crate) fn of(token: &BearerToken) -> Self {
        Self(sha256(token.expose().as_bytes()))
    }
}

/// A verified signature, and what it was verified with.
#[derive(Clone)]
pub(crate) struct Seen {
    /// Index of the issuer in the verifier's table.
    pub(crate) issuer: usize,
    pub(crate) kid: String,
    pub(crate) key_fingerprint: [u8; 32],
    pub(crate) not_before: u64,
    pub(crate) principal: Arc<Principal>,
}

/// A bounded map of them. When it is full, the half that expires first is dropped.
#[derive(Default)]
pub(crate) struct SeenTokens(Mutex<HashMap<TokenDigest, Seen>>);

impl SeenTokens {
    pub(crate) fn get(&self, digest: TokenDigest) -> Option<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned()
    }

    pub(crate) fn insert(&self, digest: TokenDigest, seen: Seen) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            let mut expiries: Vec<u64> = entries.values().map(|seen| seen.principal.expires_at()).collect();
            let (_, median, _) = expiries.select_nth_unstable(CAPACITY / 2);
            let median = *median;
            entries.retain(|_, seen| seen.principal.expires_at() > median);
        }
        entries.insert(digest, seen);
    }

    pub(crate) fn remove(&self, digest: TokenDigest) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{ISSUED_AT, claims};

    fn digest(index: usize) -> TokenDigest {
        TokenDigest::of(&BearerToken::from_authorization([format!("token-{index}").as_str()]).unwrap())
    }

    fn entry(principal: &Principal) -> Seen {
        let principal = Arc::new(principal.clone());
        Seen { issuer: 0, kid: String::new(), key_fingerprint: [0; 32], not_before: ISSUED_AT, principal }
    }

    fn principal() -> Principal {
        Principal::from_unverified_claims(&serde_json::to_vec(&claims()).unwrap()).unwrap()
    }

    #[test]
    fn stays_bounded_whatever_comes() {
        let seen = SeenTokens::default();
        let principal = principal();
        for index in 0..(CAPACITY * 3) {
            seen.insert(digest(index), entry(&principal));
            assert!(seen.get(digest(index)).is_some());
        }
        assert!(seen.0.lock().unwrap().len() <= CAPACITY);
    }

    #[test]
    fn drops_the_half_that_expires_first() {
        let seen = SeenTokens::default();
        let mut principal = principal();
        for index in 0..=CAPACITY {
            principal.expires_at += 1;
            seen.insert(digest(index), entry(&principal));
        }
        let kept = [0, CAPACITY / 2, CAPACITY / 2 + 1, CAPACITY - 1].map(|index| seen.get(digest(index)).is_some());
        assert_eq!(kept, [false, false, true, true]);
    }

    #[test]
    fn forgets_a_token_when_told() {
        let seen = SeenTokens::default();
        seen.insert(digest(0), entry(&principal()));
        seen.remove(digest(0));
        assert!(seen.get(digest(0)).is_none());
    }
}
