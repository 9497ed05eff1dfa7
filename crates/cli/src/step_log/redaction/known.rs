//! Values known to be secret: the session's keys, the ID token, and what the environment calls a token or a password.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use aho_corasick::AhoCorasick;

use super::Finding;
use super::forms::forms;

/// Shorter values are words.
const MIN_BYTES: usize = 8;

/// Longer values are looked for piece by piece, so that a piece always fits into what is held back of an endless line.
const MAX_BYTES: usize = 4 * 1024;

/// A set of secret values that can grow.
#[derive(Default)]
pub(super) struct KnownValues(RwLock<Automaton>);

#[derive(Default)]
struct Automaton {
    forms: BTreeSet<String>,
    search: Option<AhoCorasick>,
}

impl KnownValues {
    pub(super) fn learn<'a>(&self, values: impl IntoIterator<Item = &'a str>) {
        let mut automaton = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = automaton.forms.len();
        for value in values.into_iter().flat_map(pieces) {
            automaton.forms.extend(forms(value).into_iter().filter(|form| form.len() >= MIN_BYTES));
        }
        if automaton.forms.len() > before {
            automaton.search = AhoCorasick::new(&automaton.forms).ok();
        }
    }

    pub(super) fn findings(&self, text: &str) -> Vec<Finding> {
        let automaton = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let ranges: Vec<Range<usize>> = match &automaton.search {
            Some(search) => search.find_overlapping_iter(text).map(|found| found.range()).collect(),
            // One by one is slow and finds the same. It is also what happens before anything is known.
            None => automaton.forms.iter().flat_map(|form| every(form, text)).collect(),
        };
        ranges.into_iter().map(|range| Finding { whole: range.clone(), secret: range }).collect()
    }
}

fn every(form: &str, text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(form).map(|(at, found)| at..at + found.len())
}

/// The lines of a value, as output is searched by lines, none longer than [`MAX_BYTES`].
fn pieces(value: &str) -> impl Iterator<Item = &str> {
    value.lines().map(str::trim).filter(|line| line.len() >= MIN_BYTES).flat_map(|mut line| {
        std::iter::from_fn(move || {
            let (piece, rest) = line.split_at(line.floor_char_boundary(MAX_BYTES));
            line = rest;
            (!piece.is_empty()).then_some(piece)
        })
    })
}
