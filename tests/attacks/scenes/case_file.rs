//! The tables: JSON, with a notation for texts that are too long to write down.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads a table. `{"repeat": "a", "times": 1000}` in it stands for a text, `before` and `after` it whatever is given.
pub(super) fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("attacks/scenes/cases").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_value(written_out(table)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A table in which two cases have one name, or which has shrunk, tests less than it seems to.
pub(super) fn check_names<'a>(names: impl IntoIterator<Item = &'a str>, at_least: usize) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(seen.insert(name), "two cases are called `{name}`");
    }
    assert!(seen.len() >= at_least, "{} cases, and there were {at_least}", seen.len());
}

/// What a table's cases did not hold, all of it: one change often moves many cases.
#[derive(Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn expect<T: Debug + PartialEq>(&mut self, case: impl Display, actual: T, expected: T) {
        if actual != expected {
            self.0.push(format!("{case}: {actual:?} instead of {expected:?}"));
        }
    }

    pub(super) fn are_none(&self) {
        assert!(self.0.is_empty(), "{} of the table's promises do not hold:\n{}", self.0.len(), self.0.join("\n"));
    }
}

fn written_out(value: Value) -> Value {
    match value {
        Value::Object(members) => repeated(&members).map_or_else(
            || Value::Object(members.into_iter().map(|(name, value)| (name, written_out(value))).collect()),
            Value::String,
        ),
        Value::Array(items) => items.into_iter().map(written_out).collect(),
        other => other,
    }
}

fn repeated(members: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default();
    let times = usize::try_from(members.get("times")?.as_u64()?).ok()?;
    let repeat = members.get("repeat")?.as_str()?;
    Some(format!("{}{}{}", text("before"), repeat.repeat(times), text("after")))
}

#[test]
fn long_texts_are_written_out() {
    let table = serde_json::json!({"a": [{"repeat": "xy", "times": 2, "before": "<", "after": ">"}], "times": 3});
    assert_eq!(written_out(table), serde_json::json!({"a": ["<xyxy>"], "times": 3}));
}

#[test]
#[should_panic(expected = "1 of the table's promises do not hold:\nthe case: 2 instead of 3")]
fn a_promise_that_does_not_hold_is_noticed() {
    let mut faults = Faults::default();
    faults.expect("another case", 2, 2);
    faults.expect("the case", 2, 3);
    faults.are_none();
}

#[test]
#[should_panic(expected = "two cases are called `a`")]
fn a_name_that_is_there_twice_is_noticed() {
    check_names(["a", "b", "a"], 0);
}
