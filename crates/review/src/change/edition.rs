use brevet_policy::{Conditions, Reading, Row};
use serde_json::Value;

use super::force::Force;
use super::meaning::Meaning;

/// A row as stored and as read, or that there is none.
#[derive(Clone, Copy)]
pub(super) struct Edition<'a> {
    pub(super) row: Option<&'a Row>,
    pub(super) reading: Option<&'a Reading>,
}

/// Whether both editions of a row would let in, or both would keep out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
    Neither,
}

impl<'a> Edition<'a> {
    pub(super) fn value(self, name: &str) -> Option<&'a Value> {
        self.row?.get(name)
    }

    pub(super) fn conditions(self) -> Option<&'a Conditions> {
        match Force::when_enforced(self.reading?) {
            Force::Lets(rule) => Some(&rule.when.conditions),
            Force::Keeps(rule) => Some(&rule.when.conditions),
            Force::Nothing(_) => None,
        }
    }

    /// A change to a row that does nothing does nothing; what it would do is told nevertheless.
    pub(super) fn unless_idle(self, meaning: Meaning, phrase: String) -> (Meaning, String) {
        let idle = self.row.is_some() && matches!(Force::of(self.reading), Force::Nothing(_));
        match meaning {
            Meaning::Widens | Meaning::Moves | Meaning::Narrows if idle => {
                (Meaning::Neutral, format!("by itself it {}: {phrase}", meaning.as_str()))
            }
            _ => (meaning, phrase),
        }
    }
}

impl Direction {
    pub(super) fn of(old: Edition<'_>, new: Edition<'_>) -> Self {
        match (old.reading.map(Force::when_enforced), new.reading.map(Force::when_enforced)) {
            (Some(Force::Lets(_)), Some(Force::Lets(_))) => Self::In,
            (Some(Force::Keeps(_)), Some(Force::Keeps(_))) => Self::Out,
            _ => Self::Neither,
        }
    }
}
