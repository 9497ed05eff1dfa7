use std::cmp::Ordering;

use brevet_policy::{Reading, Row, Rule, read};
use brevet_review::{Meaning, compare};

/// When a row is written. At no moment a job is let in that neither edition of the table lets in: until the last allow row
/// is narrowed or gone, everything that either edition denies is denied. Nor is a job given a wider row's role for want of
/// its own: rows of one name open from the most specific on, and then close from the least specific on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Deny rows that are new or deny more.
    Close,
    /// Allow rows that are new, let in more, or give something else.
    Open,
    /// Allow rows that let in fewer, or the same.
    Narrow,
    /// Allow rows that go.
    Remove,
    /// Deny rows that deny less, or become allow rows.
    Loosen,
    /// Deny rows that go.
    RemoveDeny,
}

impl Stage {
    /// Which stage comes first. Narrowing and removing are one to this.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Close => 0,
            Self::Open => 1,
            Self::Narrow | Self::Remove => 2,
            Self::Loosen => 3,
            Self::RemoveDeny => 4,
        }
    }

    /// The order of rows within a stage, by scope. As text the less specific of two scopes of a job comes first.
    pub(super) fn order(self, one: &str, other: &str) -> Ordering {
        match self {
            Self::Open => other.cmp(one),
            Self::Close | Self::Narrow | Self::Remove | Self::Loosen | Self::RemoveDeny => one.cmp(other),
        }
    }

    pub(super) fn of(old: Option<&Row>, new: Option<&Row>, meaning: Meaning) -> Self {
        let harmless = matches!(meaning, Meaning::Narrows | Meaning::Neutral);
        match (old.is_some_and(may_deny), new.map(may_deny)) {
            (false, None) => Self::Remove,
            (true, None) => Self::RemoveDeny,
            (false, Some(true)) => Self::Close,
            (true, Some(_)) if harmless => Self::Close,
            (true, Some(_)) => Self::Loosen,
            (false, Some(false)) if harmless && old.is_some() => Self::Narrow,
            (false, Some(false)) => Self::Open,
        }
    }
}

/// Whether a deny row opens to some and closes to others, so that neither stage is right for all of it.
pub(crate) fn opens_and_closes(old: &Row, new: &Row) -> bool {
    let widens = |before: &Row, after: &Row| {
        matches!(compare(Some(before), Some(after)).meaning, Meaning::Widens | Meaning::Moves)
    };
    may_deny(old) && may_deny(new) && widens(old, new) && widens(new, old)
}

fn may_deny(row: &Row) -> bool {
    match read(row) {
        Reading::Valid(mapping) => matches!(mapping.rule, Rule::Deny(_)),
        Reading::Invalid(invalid) => invalid.denies().is_some(),
    }
}
