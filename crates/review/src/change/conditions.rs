use std::collections::BTreeSet;

use brevet_identity::ClaimName;
use brevet_policy::{Conditions, Pattern};
use serde_json::{Map, Value};

use super::attributes::AttributeChange;
use super::edition::{Direction, Edition};
use super::meaning::Meaning;
use super::shift::by_cover;
use crate::patterns::covers;
use crate::words::{any_of, stored};

/// Every condition that differs, claim by claim.
pub(super) fn compare(old: Edition<'_>, new: Edition<'_>) -> Vec<AttributeChange> {
    let none = Map::new();
    let stored_in = |edition: Edition<'_>| edition.value("conditions").and_then(Value::as_object).cloned();
    let (before, after) = (stored_in(old).unwrap_or(none.clone()), stored_in(new).unwrap_or(none));
    let claims: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let direction = Direction::of(old, new);
    let compare = |claim: &String| {
        let values = (before.get(claim), after.get(claim));
        let patterns = |edition: Edition<'_>| edition.conditions()?.get(ClaimName::parse(claim)?).map(<[_]>::to_vec);
        let (was, becomes) = (patterns(old), patterns(new));
        if values.0 == values.1 && was == becomes {
            return None;
        }
        let (meaning, phrase) = match direction {
            Direction::In => condition(claim, was.as_deref(), becomes.as_deref()),
            Direction::Out => {
                let (meaning, phrase) = condition(claim, was.as_deref(), becomes.as_deref());
                (for_deny(meaning, was.as_deref(), becomes.as_deref()), phrase)
            }
            Direction::Neither => (Meaning::Neutral, as_stored(claim, old, new, values)),
        };
        Some(AttributeChange::new(&format!("conditions.{claim}"), values, new.unless_idle(meaning, phrase)))
    };
    claims.into_iter().filter_map(compare).collect()
}

/// What a change of all conditions means for a row that keeps out.
pub(super) fn all_reversed(old: &Conditions, new: &Conditions) -> Meaning {
    let claims: BTreeSet<ClaimName> = old.iter().chain(new.iter()).map(|(claim, _)| claim).collect();
    let reversed = |claim: ClaimName| {
        let (old, new) = (old.get(claim), new.get(claim));
        for_deny(condition(claim.as_str(), old, new).0, old, new)
    };
    claims.into_iter().map(reversed).max().unwrap_or(Meaning::Neutral)
}

/// What a changed condition means for a row that lets in, and in words. A job without the claim meets no condition on it.
fn condition(claim: &str, old: Option<&[Pattern]>, new: Option<&[Pattern]>) -> (Meaning, String) {
    let was = format!("`{claim}` was {}, becomes {}", any_of(old), any_of(new));
    let meaning = match (old, new) {
        (None, None) => Meaning::Neutral,
        (None, Some(_)) => Meaning::Narrows,
        (Some(_), None) => Meaning::Widens,
        (Some(old), Some(new)) => match (covers(new, old), covers(old, new)) {
            (Some(wider), Some(narrower)) => by_cover(wider, narrower),
            (None, _) | (_, None) => {
                return (Meaning::Widens, format!("changes who may, cannot tell whether it widens: {was}"));
            }
        },
    };
    let same = || format!("`{claim}` means the same, spelled otherwise");
    (meaning, if meaning == Meaning::Neutral { same() } else { was })
}

/// The other way round for a row that keeps out: it narrows only if whoever was kept out still is.
fn for_deny(meaning: Meaning, old: Option<&[Pattern]>, new: Option<&[Pattern]>) -> Meaning {
    let still = match (old, new) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(old), Some(new)) => covers(new, old) == Some(true),
    };
    match (meaning, still) {
        (Meaning::Neutral, _) => Meaning::Neutral,
        (_, true) => Meaning::Narrows,
        (_, false) => Meaning::Widens,
    }
}

fn as_stored(claim: &str, old: Edition<'_>, new: Edition<'_>, values: (Option<&Value>, Option<&Value>)) -> String {
    match (old.row, new.row) {
        (None, _) => format!("`{claim}` is {}", stored(values.1)),
        (_, None) => format!("`{claim}` was {}", stored(values.0)),
        (Some(_), Some(_)) => format!("`{claim}` was {}, becomes {}", stored(values.0), stored(values.1)),
    }
}
