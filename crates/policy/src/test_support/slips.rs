//! What goes wrong when people write rows.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::reading::Row;

/// One slip, in a place that is chosen when it is made.
#[derive(Clone, Debug)]
pub(crate) struct Slip {
    place: Index,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// The name of an attribute misspelt.
    Misspelt(fn(&str) -> String),
    /// An attribute that no row has.
    Further(&'static str, Value),
    /// Another value in place of an attribute's own.
    Replaced(Value),
    /// An attribute's own value, put into something or changed.
    Wrapped(fn(&Value) -> Value),
    /// One more condition.
    Condition(&'static str, Value),
}

pub(crate) fn any_slip() -> impl Strategy<Value = Slip> {
    let misspellings: Vec<fn(&str) -> String> = vec![
        |name| name.chars().skip(1).collect(),
        |name| format!("{name}s"),
        |name| format!("{name} "),
        str::to_uppercase,
        |name| name.replace(['_', 'e'], "-"),
    ];
    let wrappings: Vec<fn(&Value) -> Value> = vec![
        |value| json!([value, value]),
        |value| json!([[value]]),
        |value| json!({"S": value}),
        |value| json!([value, 7.5]),
        |value| value.as_str().map_or(json!("true"), |text| json!(format!(" {text}"))),
        |value| value.as_str().map_or(json!("false"), |text| json!(text.to_uppercase())),
    ];
    let values = [
        json!(null),
        json!(7),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("***"),
        json!("none"),
        json!("false"),
        json!(true),
        json!([]),
        json!([null]),
        json!({}),
        json!({"unreadable": true}),
    ];
    let further = [("condition", json!({"ref": "main"})), ("if", json!("x")), ("Effect", json!("Deny"))];
    let conditions = [
        ("branch", json!("main")),
        ("aud", json!("https://brevet.example.com")),
        ("groups_direct", json!(["nordwind"])),
        ("ref", json!([])),
        ("ref", json!("***")),
        ("ref", json!(true)),
        ("ref", json!(["main", "main"])),
        ("ref", json!({"like": "main"})),
        ("user_id", json!(-1)),
        ("environment", json!(null)),
    ];
    let kind = prop_oneof![
        select(misspellings).prop_map(Kind::Misspelt),
        select(further.to_vec()).prop_map(|(name, value)| Kind::Further(name, value)),
        select(values.to_vec()).prop_map(Kind::Replaced),
        select(wrappings).prop_map(Kind::Wrapped),
        select(conditions.to_vec()).prop_map(|(claim, value)| Kind::Condition(claim, value)),
    ];
    (any::<Index>(), kind).prop_map(|(place, kind)| Slip { place, kind })
}

impl Slip {
    /// Whether no row with this slip in it can be right.
    pub(crate) fn is_certain(&self, row: &Row) -> bool {
        match &self.kind {
            Kind::Misspelt(_) => self.made_in(row) != *row,
            Kind::Further(..) | Kind::Condition(..) => true,
            Kind::Replaced(value) => value.is_null(),
            Kind::Wrapped(_) => false,
        }
    }

    /// The row with the slip in it. It may still be readable: a slip can give another row that is right.
    pub(crate) fn made_in(&self, row: &Row) -> Row {
        let mut slipped = row.clone();
        let names: Vec<&String> = row.keys().collect();
        let name = names[self.place.index(names.len())];
        match &self.kind {
            Kind::Misspelt(misspell) => {
                let value = slipped.remove(name).unwrap_or_default();
                slipped.insert(misspell(name), value);
            }
            Kind::Further(name, value) => drop(slipped.insert((*name).to_owned(), value.clone())),
            Kind::Replaced(value) => drop(slipped.insert(name.clone(), value.clone())),
            Kind::Wrapped(wrap) => drop(slipped.insert(name.clone(), wrap(&row[name]))),
            Kind::Condition(claim, value) => {
                let conditions = slipped.entry("conditions").or_insert_with(|| json!({}));
                conditions[*claim] = value.clone();
            }
        }
        slipped
    }
}
