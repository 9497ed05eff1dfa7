use std::collections::HashMap;
use std::hash::Hash;

/// The most things that are told apart: a log may hold any number of them.
const CAPACITY: usize = 10_000;

/// Counts by key, in bounded memory.
#[derive(Debug)]
pub(crate) struct Tally<K> {
    counts: HashMap<K, Tallied>,
    uncounted: u64,
}

/// How often, and when last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tallied {
    pub(crate) count: u64,
    pub(crate) last: u64,
}

impl<K: Eq + Hash + Ord> Tally<K> {
    pub(crate) fn add(&mut self, key: K, time: u64) {
        if self.counts.len() >= CAPACITY && !self.counts.contains_key(&key) {
            self.uncounted += 1;
            return;
        }
        let tallied = self.counts.entry(key).or_default();
        tallied.count += 1;
        tallied.last = tallied.last.max(time);
    }

    pub(crate) fn get(&self, key: &K) -> Tallied {
        self.counts.get(key).copied().unwrap_or_default()
    }

    /// How many there was no room for.
    pub(crate) fn uncounted(&self) -> u64 {
        self.uncounted
    }

    /// The most frequent first.
    pub(crate) fn into_sorted(self) -> Vec<(K, Tallied)> {
        let mut all: Vec<(K, Tallied)> = self.counts.into_iter().collect();
        all.sort_by(|(key, tallied), (other_key, other)| {
            other.count.cmp(&tallied.count).then_with(|| key.cmp(other_key))
        });
        all
    }
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { counts: HashMap::new(), uncounted: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_bounded_and_says_how_much_it_left_out() {
        let mut tally = Tally::default();
        for index in 0..CAPACITY + 5 {
            tally.add(index, 1);
        }
        tally.add(0, 9);
        assert_eq!((tally.uncounted(), tally.get(&0)), (5, Tallied { count: 2, last: 9 }));
        let sorted = tally.into_sorted();
        assert_eq!((sorted.len(), sorted[0].0, sorted[1].0), (CAPACITY, 0, 1));
    }
}
