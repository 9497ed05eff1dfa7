use std::collections::BTreeSet;

use brevet_policy::{Row, is_disclosable};
use serde_json::Value;

use super::edition::Edition;
use super::force::Force;
use super::meaning::Meaning;
use super::{allow, conditions, deny};
use crate::words::stored;

/// What decides whether a row lets in, keeps out, or does nothing.
const SWITCHES: [&str; 3] = ["effect", "mode", "enabled"];

/// What was and what becomes of an attribute.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AttributeChange {
    /// The attribute; conditions one by one, as `conditions.ref`.
    pub attribute: String,
    /// What it was, as stored; `(not shown)` for what is not for every eye.
    pub old: Option<Value>,
    /// What it becomes.
    pub new: Option<Value>,
    /// What that means for who may get in, taken by itself.
    pub meaning: Meaning,
    /// The same in words.
    pub sentence: String,
    #[serde(skip)]
    phrase: String,
}

impl AttributeChange {
    pub(super) fn new(
        attribute: &str,
        (old, new): (Option<&Value>, Option<&Value>),
        (meaning, phrase): (Meaning, String),
    ) -> Self {
        let shown = |value: Option<&Value>| match value {
            Some(_) if !is_shown(attribute) => Some(Value::from("(not shown)")),
            other => other.cloned(),
        };
        let sentence = meaning.sentence(&phrase);
        Self { attribute: attribute.to_owned(), old: shown(old), new: shown(new), meaning, sentence, phrase }
    }

    /// The sentence without its verb.
    pub(super) fn phrase(&self) -> &str {
        &self.phrase
    }
}

/// Every attribute that differs, or is read differently because of another.
pub(super) fn compare(old: Edition<'_>, new: Edition<'_>) -> Vec<AttributeChange> {
    let rows = [old.row, new.row].into_iter().flatten();
    let names: BTreeSet<&str> = rows.flat_map(Row::keys).map(String::as_str).collect();
    let compare = |name: &str| match (old.value(name), new.value(name)) {
        (before, after) if name == "conditions" && [before, after].into_iter().flatten().all(Value::is_object) => {
            conditions::compare(old, new)
        }
        values => compare_one(name, values, old, new).into_iter().collect(),
    };
    names.into_iter().flat_map(compare).collect()
}

fn compare_one(
    name: &str,
    values: (Option<&Value>, Option<&Value>),
    old: Edition<'_>,
    new: Edition<'_>,
) -> Option<AttributeChange> {
    let judged = judge(name, values, old, new);
    if values.0 == values.1 && judged.is_none_or(|meaning| meaning == Meaning::Neutral) {
        return None;
    }
    let phrase = match (old.row, new.row) {
        (None, _) => format!("`{name}` is {}", shown(name, values.1)),
        (_, None) => format!("`{name}` was {}", shown(name, values.0)),
        _ if judged == Some(Meaning::Neutral) && !SWITCHES.contains(&name) => {
            format!("`{name}` means the same, spelled otherwise")
        }
        _ => format!("`{name}` was {}, becomes {}", shown(name, values.0), shown(name, values.1)),
    };
    let meaning = judged.unwrap_or(Meaning::Neutral);
    let told = if SWITCHES.contains(&name) { (meaning, phrase) } else { new.unless_idle(meaning, phrase) };
    Some(AttributeChange::new(name, values, told))
}

/// The meaning of a change of an attribute, where the attribute has one by itself.
fn judge(name: &str, values: (Option<&Value>, Option<&Value>), old: Edition<'_>, new: Edition<'_>) -> Option<Meaning> {
    let (before, after) = (old.reading?, new.reading?);
    if SWITCHES.contains(&name) {
        return (values.0 != values.1).then(|| Force::of(old.reading).becomes(&Force::of(new.reading)));
    }
    if ["scope", "name"].contains(&name) {
        // Another key is another row, of which nothing is known.
        return (values.0 != values.1).then_some(Meaning::Widens);
    }
    match (Force::when_enforced(before), Force::when_enforced(after)) {
        (Force::Lets(before), Force::Lets(after)) => allow::attribute(name, (old.row?, before), (new.row?, after)),
        (Force::Keeps(before), Force::Keeps(after)) => deny::attribute(name, before, after),
        (Force::Nothing(_) | Force::Lets(_) | Force::Keeps(_), _) => None,
    }
}

/// A condition is shown as its attribute is. What no row has is not: it may be a misspelt `external_id`.
fn is_shown(name: &str) -> bool {
    name.starts_with("conditions.") || is_disclosable(name)
}

fn shown(name: &str, value: Option<&Value>) -> String {
    match value {
        Some(_) if !is_shown(name) => "(not shown)".to_owned(),
        other => stored(other),
    }
}
