use std::collections::{BTreeMap, HashMap};

use crate::memory::MemoryCourse;
use crate::mix::Function;
use crate::statistics::microseconds;
use crate::subject::Answered;

/// Wrong answers beyond this many are counted, not kept.
const KEPT: usize = 20;

/// What has been found out so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Times by function and code, in microseconds.
    pub(crate) answers: BTreeMap<(Function, String), Vec<u32>>,
    pub(crate) wrong: usize,
    pub(crate) examples: Vec<String>,
    /// Times of the timed pairs, in the order of [`crate::pairs::PAIRS`].
    pub(crate) pairs: [(Vec<u32>, Vec<u32>); 3],
    pub(crate) pairs_sent: usize,
    pub(crate) races: usize,
    /// Races with one winner and no doubt about the others.
    pub(crate) decided_races: usize,
    pub(crate) memory: Vec<MemoryCourse>,
    pub(crate) strangers: usize,
    pub(crate) rotations: usize,
    pub(crate) outages: usize,
    pub(crate) replaced: usize,
    pub(crate) troubles: usize,
    pub(crate) lines: u64,
    /// The fetches of keys that the environments so far may have made.
    pub(crate) fetches_allowed: u64,
}

impl Tally {
    /// Counts answers by their audited codes.
    pub(crate) fn count(&mut self, function: Function, codes: &HashMap<String, String>, answered: &[Answered]) {
        for each in answered {
            if let Some(code) = codes.get(&each.request.id) {
                let times = self.answers.entry((function, code.clone())).or_default();
                times.push(microseconds(each.duration));
            }
        }
    }

    pub(crate) fn wrong(&mut self, what: String) {
        self.wrong += 1;
        if self.examples.len() < KEPT {
            self.examples.push(what);
        }
    }
}
