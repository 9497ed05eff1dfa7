//! What a change of a row means for who may get in.
//!
//! Judged row by row: a row that narrows may leave a job to a wider row of the same name, which has its own say.

mod allow;
mod attributes;
mod conditions;
mod deny;
mod edition;
mod force;
mod meaning;
mod shift;

#[cfg(test)]
mod tests;

use brevet_policy::{Reading, Row, Rule, read};
use serde_json::Value;

pub use self::attributes::AttributeChange;
use self::edition::Edition;
use self::force::Force;
pub use self::meaning::Meaning;
use crate::words;

/// The difference between two editions of a row.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Change {
    /// What is to be done to the table.
    pub action: Action,
    /// Key of the row: its scope as stored, or nothing if that is no text.
    pub scope: String,
    /// Key of the row: its name as stored, or nothing if that is no text.
    pub name: String,
    /// What it means for who may get in, all in all.
    pub meaning: Meaning,
    /// The same in words: "widens: `ref` was `main`, becomes any".
    pub sentence: String,
    /// Attribute by attribute, conditions claim by claim.
    pub attributes: Vec<AttributeChange>,
}

/// What is to be done to the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// There is no such row yet.
    Create,
    /// There is one, and it says something else.
    Update,
    /// The row goes.
    Delete,
    /// The two are the same to the last value.
    None,
}

/// Compares two editions of the row of one key; `None` where there is none.
pub fn compare(old: Option<&Row>, new: Option<&Row>) -> Change {
    let action = match (old, new) {
        (None, Some(_)) => Action::Create,
        (Some(_), None) => Action::Delete,
        (Some(old), Some(new)) if old != new => Action::Update,
        (Some(_), Some(_)) | (None, None) => Action::None,
    };
    let key = |attribute| {
        let stored = new.or(old).and_then(|row| row.get(attribute));
        stored.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (before, after) = (old.map(read), new.map(read));
    let attributes = attributes::compare(
        Edition { row: old, reading: before.as_ref() },
        Edition { row: new, reading: after.as_ref() },
    );
    let (meaning, sentence) = weigh(action, before.as_ref(), after.as_ref(), &attributes);
    Change { action, scope: key("scope"), name: key("name"), meaning, sentence, attributes }
}

fn weigh(
    action: Action,
    before: Option<&Reading>,
    after: Option<&Reading>,
    attributes: &[AttributeChange],
) -> (Meaning, String) {
    let (old, new) = (Force::of(before), Force::of(after));
    let meaning = match (&old, &new) {
        (Force::Lets(_), Force::Lets(_)) | (Force::Keeps(_), Force::Keeps(_)) => {
            attributes.iter().map(|attribute| attribute.meaning).max().unwrap_or(Meaning::Neutral)
        }
        _ => old.becomes(&new),
    };
    let told: Vec<&str> =
        attributes.iter().filter(|attribute| attribute.meaning == meaning).map(AttributeChange::phrase).collect();
    let words = match (action, old, new) {
        (Action::None, ..) => "no change".to_owned(),
        (Action::Delete, Force::Nothing(why), _) => format!("the row {why}"),
        (Action::Delete, ..) => format!("no longer {}", before.map(summary).unwrap_or_default()),
        (_, Force::Keeps(_), Force::Nothing(why)) => format!("the deny row {why}{}", faults(after)),
        (_, _, Force::Nothing(why)) => format!("the row {why}{}", faults(after)),
        (_, _, Force::Keeps(_)) if after.is_some_and(|after| after.invalid().is_some()) => {
            format!("the row cannot be read and denies whatever it could have meant to deny{}", faults(after))
        }
        (Action::Create, ..) => after.map(summary).unwrap_or_default(),
        (Action::Update, ..) if told.is_empty() => after.map(summary).unwrap_or_default(),
        (Action::Update, ..) => told.join("; "),
    };
    (meaning, meaning.sentence(&words))
}

/// What a row does, in words.
fn summary(reading: &Reading) -> String {
    let Reading::Valid(mapping) = reading else { return "a row that cannot be read".to_owned() };
    let (verb, when) = match &mapping.rule {
        Rule::Allow(rule) => (allow::gives(rule), &rule.when),
        Rule::Deny(rule) => (deny::closes(rule, &mapping.name), &rule.when),
    };
    let conditions: Vec<String> = when
        .conditions
        .iter()
        .map(|(claim, patterns)| format!("`{claim}` is {}", words::any_of(Some(patterns))))
        .collect();
    let conditions =
        if conditions.is_empty() { "without conditions".to_owned() } else { format!("if {}", conditions.join(", ")) };
    format!("{verb} {} {conditions}", words::whose(&mapping.scope))
}

fn faults(reading: Option<&Reading>) -> String {
    let Some(invalid) = reading.and_then(Reading::invalid) else { return String::new() };
    let faults: Vec<String> =
        invalid.faults.iter().map(|fault| format!("`{}` {}", fault.attribute, fault.reason)).collect();
    format!(" ({})", faults.join("; "))
}
