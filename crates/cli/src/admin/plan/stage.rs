use brevet_policy::{Reading, Row, Rule, read};
use brevet_review::{Meaning, compare};

/// When a row is written. At no moment a job is let in that neither edition of the table lets in: until the last allow row
/// is narrowed or gone, everything that either edition denies is denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Deny rows that are new or deny more.
    Close,
    /// Allow rows that let in fewer, or the same.
    Narrow,
    /// Allow rows that are new, let in more, or give something else.
    Open,
    /// Allow rows that go.
    Remove,
    /// Deny rows that deny less, or become allow rows.
    Loosen,
    /// Deny rows that go.
    RemoveDeny,
}

impl Stage {
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
