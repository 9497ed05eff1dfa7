use std::time::Duration;

use serde::Serialize;

/// Times of one kind of answer.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Times {
    pub(crate) count: usize,
    pub(crate) median_us: u32,
    pub(crate) p99_us: u32,
}

/// Two kinds of answers, timed alternately.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Comparison {
    pub(crate) what: &'static str,
    pub(crate) first: Times,
    pub(crate) second: Times,
    /// How often a time of the first kind is longer than one of the second, ties by half: 0.5 is "the same".
    pub(crate) first_is_longer: f64,
    /// Mann and Whitney's U, in standard deviations from "the same". Within 1.96 in 95 of 100 runs if they are.
    pub(crate) deviations: f64,
}

/// Microseconds are fine enough, and small enough to keep a million of.
pub(crate) fn microseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_micros()).unwrap_or(u32::MAX)
}

impl Times {
    pub(crate) fn of(times: &[u32]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let at = |percent: usize| sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)));
        let at = |percent| at(percent).copied().unwrap_or_default();
        Self { count: sorted.len(), median_us: at(50), p99_us: at(99) }
    }
}

impl Comparison {
    pub(crate) fn of(what: &'static str, first: &[u32], second: &[u32]) -> Self {
        let (first_is_longer, deviations) = mann_whitney(first, second);
        Self { what, first: Times::of(first), second: Times::of(second), first_is_longer, deviations }
    }
}

fn mann_whitney(first: &[u32], second: &[u32]) -> (f64, f64) {
    let mut all: Vec<(u32, bool)> =
        first.iter().map(|time| (*time, true)).chain(second.iter().map(|time| (*time, false))).collect();
    all.sort_unstable();
    let (n, m) = (first.len() as f64, second.len() as f64);
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for equals in all.chunk_by(|one, other| one.0 == other.0) {
        let count = equals.len() as f64;
        let rank = before + (count + 1.0) / 2.0;
        rank_sum += rank * equals.iter().filter(|(_, is_first)| *is_first).count() as f64;
        ties += count * count * count - count;
        before += count;
    }
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let total = n + m;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance > 0.0 { (u / (n * m), (u - n * m / 2.0) / variance.sqrt()) } else { (0.5, 0.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_shift_and_none_where_there_is_none() {
        let one: Vec<u32> = (0..500).map(|number| 1_000 + number * 7 % 100).collect();
        let shifted: Vec<u32> = one.iter().map(|time| time + 20).collect();
        let same = Comparison::of("same", &one, &one);
        assert!((same.first_is_longer - 0.5).abs() < 1e-9 && same.deviations.abs() < 1e-9, "{same:?}");
        let different = Comparison::of("different", &shifted, &one);
        assert!(different.first_is_longer > 0.6 && different.deviations > 5.0, "{different:?}");
    }

    #[test]
    fn ranks_as_the_textbook_does() {
        // All of the first are longer: U is n*m, and z is (9 - 4.5) / sqrt(9 * 7 / 12).
        let (probability, deviations) = mann_whitney(&[4, 5, 6], &[1, 2, 3]);
        assert!((probability - 1.0).abs() < 1e-9 && (deviations - 1.963_961).abs() < 1e-5, "{deviations}");
    }

    #[test]
    fn reads_the_median_and_the_end_of_the_tail() {
        let times: Vec<u32> = (1..=1_000).rev().collect();
        let Times { count, median_us, p99_us } = Times::of(&times);
        assert_eq!((count, median_us, p99_us), (1_000, 501, 991));
        assert_eq!(Times::of(&[]).count, 0);
    }
}
