//! How the values that patterns match compare: which list lets in more, and whether two can match the same value.

mod automaton;

#[cfg(test)]
mod tests;

use brevet_policy::Pattern;

use self::automaton::{Automaton, Search};

/// Whether every value that `narrow` matches is matched by `wide` too; `None` if that would take too long to find out.
pub(crate) fn covers(wide: &[Pattern], narrow: &[Pattern]) -> Option<bool> {
    let mut all = Some(true);
    for pattern in narrow {
        match covers_one(wide, pattern) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether some value is matched by both, as far as can be told: `true` in doubt.
pub(crate) fn overlap(some: &[Pattern], others: &[Pattern]) -> bool {
    some.iter().any(|one| others.iter().any(|other| overlap_one(one, other)))
}

/// Whether the pattern stands for one value only.
pub(crate) fn is_literal(pattern: &Pattern) -> bool {
    !pattern.as_str().contains('*')
}

fn covers_one(wide: &[Pattern], narrow: &Pattern) -> Option<bool> {
    if wide.contains(narrow) {
        return Some(true);
    }
    if is_literal(narrow) {
        return Some(wide.iter().any(|pattern| pattern.matches(narrow.as_str())));
    }
    let wide: Vec<Automaton> = wide.iter().map(Automaton::of).collect();
    Search::new(&Automaton::of(narrow), &wide).finds_no_value_outside()
}

fn overlap_one(one: &Pattern, other: &Pattern) -> bool {
    match (is_literal(one), is_literal(other)) {
        (true, _) => other.matches(one.as_str()),
        (_, true) => one.matches(other.as_str()),
        _ => automaton::meet(&Automaton::of(one), &Automaton::of(other)),
    }
}
