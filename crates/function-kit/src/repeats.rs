use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a refusal is remembered, in seconds.
const WINDOW: u64 = 60;

/// More refusals than this at once are not told apart from new ones.
const CAPACITY: usize = 4_096;

/// Refusals given lately. SDKs repeat a refused request three to five times; the audit log marks the echoes.
#[derive(Default)]
pub(crate) struct Repeats(Mutex<HashMap<String, u64>>);

impl Repeats {
    /// Whether the same refusal was given within the last minute; remembers it in any case.
    pub(crate) fn is_repeat(&self, refusal: String, now: u64) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= CAPACITY {
            seen.retain(|_, first| now.saturating_sub(*first) < WINDOW);
        }
        match seen.get(&refusal) {
            Some(first) if now.saturating_sub(*first) < WINDOW => true,
            _ if seen.len() >= CAPACITY => false,
            _ => {
                seen.insert(refusal, now);
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_same_refusal_within_a_minute_and_nothing_else() {
        let repeats = Repeats::default();
        let is_repeat = |refusal: &str, now| repeats.is_repeat(refusal.to_owned(), now);
        assert!(!is_repeat("a", 100));
        assert!(is_repeat("a", 159));
        assert!(!is_repeat("a", 160));
        assert!(!is_repeat("b", 160));
    }

    #[test]
    fn stays_bounded_whatever_comes() {
        let repeats = Repeats::default();
        for index in 0..(CAPACITY * 2) {
            repeats.is_repeat(index.to_string(), 100);
        }
        assert!(repeats.0.lock().unwrap().len() <= CAPACITY);
    }
}
