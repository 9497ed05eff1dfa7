//! The spellings of a row that mean the same.

use proptest::prelude::*;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::reading::{Reading, Row, read};

/// Which of the spellings are used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spelling {
    /// One value as a list of one, or the other way round.
    lists: bool,
    /// Numbers as their digits in a string.
    digits: bool,
    /// Moments as RFC 3339 times.
    times: bool,
    /// A policy as its text.
    policy: bool,
    /// Defaults written out.
    defaults: bool,
}

pub(crate) fn any_spelling() -> impl Strategy<Value = Spelling> {
    any::<[bool; 5]>().prop_map(|[lists, digits, times, policy, defaults]| Spelling {
        lists,
        digits,
        times,
        policy,
        defaults,
    })
}

impl Spelling {
    /// The same row, spelled this way.
    pub(crate) fn of(self, row: &Row) -> Row {
        let mut spelled = row.clone();
        for (attribute, value) in &mut spelled {
            match attribute.as_str() {
                "conditions" => {
                    if let Some(conditions) = value.as_object_mut() {
                        conditions.values_mut().for_each(|patterns| *patterns = self.items(patterns));
                    }
                }
                "routes" | "policy_arns" | "session_tags" => *value = self.items(value),
                "not_before" | "expires_at" if self.times => *value = time(value),
                "session_policy" if self.policy && value.is_object() => *value = json!(format!("{value:#}")),
                "duration_seconds"
                | "max_duration_seconds"
                | "max_token_age_seconds"
                | "max_uses_per_token"
                | "not_before"
                | "expires_at"
                | "version" => *value = self.number(value),
                _ => {}
            }
        }
        // In a row that cannot be read, an attribute that is written out may be the one that another was a slip for.
        if self.defaults && matches!(read(row), Reading::Valid(_)) {
            if spelled.get("name") != Some(&json!("*")) {
                spelled.entry("effect").or_insert(json!("allow"));
            }
            spelled.entry("mode").or_insert(json!("enforce"));
            spelled.entry("enabled").or_insert(json!(true));
            spelled.entry("allow_fork_pipelines").or_insert(json!(false));
        }
        spelled
    }

    fn items(self, value: &Value) -> Value {
        match value {
            Value::Array(items) if self.lists && items.len() == 1 && !items[0].is_array() => self.number(&items[0]),
            Value::Array(items) => items.iter().map(|item| self.number(item)).collect(),
            Value::Null | Value::Object(_) => value.clone(),
            one if self.lists => json!([self.number(one)]),
            one => self.number(one),
        }
    }

    fn number(self, value: &Value) -> Value {
        value.as_u64().filter(|_| self.digits).map_or_else(|| value.clone(), |number| json!(number.to_string()))
    }
}

fn time(value: &Value) -> Value {
    let moment = value.as_i64().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).map_or_else(|| value.clone(), |text| json!(text))
}
