//! How the values that patterns match compare: which list lets in more, and whether two can match the same value.

mod automaton;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use brevet_policy::Pattern;

use self::automaton::{Automaton, Search};

/// The most steps a comparison of two lists takes before it gives up, however long they are: a row can hold tens of
/// thousands of patterns, and what judges rows has seconds. People's patterns need some hundreds.
const MOST_STEPS: usize = 50_000;

/// What is left of the steps.
struct Budget(usize);

impl Budget {
    /// `None` once there are no more.
    fn spend(&mut self, steps: usize) -> Option<()> {
        self.0 = self.0.checked_sub(steps)?;
        Some(())
    }

    /// For matching one pattern against one value.
    fn spend_on_match(&mut self, pattern: &Pattern, value: &Pattern) -> Option<()> {
        self.spend(1 + pattern.as_str().len() * value.as_str().len() / 1_024)
    }
}

/// Whether every value that `narrow` matches is matched by `wide` too; `None` if that would take too long to find out.
pub(crate) fn covers(wide: &[Pattern], narrow: &[Pattern]) -> Option<bool> {
    let texts: BTreeSet<&str> = wide.iter().map(Pattern::as_str).collect();
    let open: Vec<&Pattern> = wide.iter().filter(|pattern| !is_literal(pattern)).collect();
    let mut budget = Budget(MOST_STEPS);
    let size = wide.iter().map(|pattern| pattern.as_str().len()).sum::<usize>();
    let mut automata = None;
    for pattern in narrow.iter().filter(|pattern| !texts.contains(pattern.as_str())) {
        let covered = if is_literal(pattern) {
            any_matches(&open, pattern, &mut budget)
        } else {
            budget.spend(1 + size / 16)?;
            let wide = automata.get_or_insert_with(|| wide.iter().map(Automaton::of).collect::<Vec<_>>());
            Search::new(&Automaton::of(pattern), wide).finds_no_value_outside(&mut budget)
        };
        if !covered? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether some value is matched by both, as far as can be told: `true` in doubt.
pub(crate) fn overlap(some: &[Pattern], others: &[Pattern]) -> bool {
    let ((some_values, some_open), (other_values, other_open)) = (by_kind(some), by_kind(others));
    let texts: BTreeSet<&str> = some_values.iter().map(|value| value.as_str()).collect();
    if other_values.iter().any(|value| texts.contains(value.as_str())) {
        return true;
    }
    let mut budget = Budget(MOST_STEPS);
    let mut matched = |(open, values): (&[&Pattern], &[&Pattern])| {
        !open.is_empty() && values.iter().any(|value| any_matches(open, value, &mut budget) != Some(false))
    };
    matched((&some_open, &other_values))
        || matched((&other_open, &some_values))
        || some_open.iter().any(|one| other_open.iter().any(|other| may_meet(one, other, &mut budget)))
}

/// Whether the pattern stands for one value only.
pub(crate) fn is_literal(pattern: &Pattern) -> bool {
    !pattern.as_str().contains('*')
}

/// The patterns that stand for one value, and the others.
fn by_kind(patterns: &[Pattern]) -> (Vec<&Pattern>, Vec<&Pattern>) {
    patterns.iter().partition(|pattern| is_literal(pattern))
}

fn any_matches(open: &[&Pattern], value: &Pattern, budget: &mut Budget) -> Option<bool> {
    for pattern in open {
        budget.spend_on_match(pattern, value)?;
        if pattern.matches(value.as_str()) {
            return Some(true);
        }
    }
    Some(false)
}

fn may_meet(one: &Pattern, other: &Pattern, budget: &mut Budget) -> bool {
    automaton::meet(&Automaton::of(one), &Automaton::of(other), budget).unwrap_or(true)
}
