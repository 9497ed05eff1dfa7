use std::collections::BTreeSet;

use crate::figures::{Cost, Figures};

/// What was found, held against what is committed.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) lines: Vec<Line>,
    pub(crate) differences: Vec<String>,
}

/// An operation of which there is a figure, committed or found.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) operation: String,
    pub(crate) committed: Option<Cost>,
    pub(crate) found: Option<Cost>,
}

/// What the difference between two numbers means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// By a tenth or more: the gate stays shut.
    Grown,
    Little,
    /// By a tenth or more: the committed figure would let the gain be lost again.
    Shrunk,
}

impl Comparison {
    pub(crate) fn new(committed: &Figures, found: &Figures) -> Self {
        let names: BTreeSet<_> = committed.operations.keys().chain(found.operations.keys()).collect();
        let line = |name: &String| Line {
            operation: name.clone(),
            committed: committed.operations.get(name).copied(),
            found: found.operations.get(name).copied(),
        };
        let differences = committed.made_with.differences(&found.made_with);
        Self { lines: names.into_iter().map(line).collect(), differences }
    }

    /// Whether nothing has grown, and every operation has a figure and every figure an operation.
    pub(crate) fn passed(&self) -> bool {
        self.lines.iter().all(|line| line.changes().is_some_and(|changes| !changes.contains(&Change::Grown)))
    }

    pub(crate) fn has_gained(&self) -> bool {
        self.lines.iter().filter_map(Line::changes).any(|changes| changes.contains(&Change::Shrunk))
    }
}

impl Line {
    /// Of each number that is judged, its name, what is committed and what was found. `None` where there is nothing to
    /// compare.
    pub(crate) fn judged(&self) -> Option<[(&'static str, u64, u64); 3]> {
        let (committed, found) = (self.committed?, self.found?);
        Some([
            ("own instructions", committed.own, found.own),
            ("instructions of cryptography", committed.cryptography, found.cryptography),
            ("allocations", committed.allocations, found.allocations),
        ])
    }

    pub(crate) fn changes(&self) -> Option<[Change; 3]> {
        Some(self.judged()?.map(|(_, committed, found)| Change::between(committed, found)))
    }
}

impl Change {
    pub(crate) fn between(committed: u64, found: u64) -> Self {
        match (found.saturating_mul(10), committed) {
            (_, committed) if found == committed => Self::Little,
            (found, committed) if found >= committed.saturating_mul(11) => Self::Grown,
            (found, committed) if found <= committed.saturating_mul(9) => Self::Shrunk,
            _ => Self::Little,
        }
    }
}

#[cfg(test)]
mod tests;
