use std::collections::HashSet;
use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Fault, Row};

/// GitLab lets no job run for longer, in seconds.
pub(super) const MONTH: u64 = 31 * 86_400;

/// A row being read: each method takes one attribute and notes what is wrong with it.
///
/// `None` means "absent" or "unreadable"; in the second case there is a fault, so the row cannot become valid. A null has
/// a fault already and is passed over here.
pub(super) struct Fields<'a> {
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        Self { row, faults: Vec::new() }
    }

    pub(super) fn row(&self) -> &'a Row {
        self.row
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    pub(super) fn fault(&mut self, attribute: impl Into<String>, reason: impl Display) {
        self.faults.push(Fault { attribute: attribute.into(), reason: reason.to_string() });
    }

    /// Whether something in this attribute was found wrong already.
    pub(super) fn has_fault_in(&self, attribute: &str) -> bool {
        self.faults.iter().any(|fault| fault.attribute.split(['.', '[']).next() == Some(attribute))
    }

    /// The attribute's value, if it has one.
    pub(super) fn get(&self, attribute: &str) -> Option<&'a Value> {
        self.row.get(attribute).filter(|value| !value.is_null())
    }

    /// A string that has to be there and to be of a certain form.
    pub(super) fn required<T>(&mut self, attribute: &str, parse: fn(&str) -> Option<T>, otherwise: &str) -> Option<T> {
        if !self.row.contains_key(attribute) {
            self.fault(attribute, "is missing");
        }
        self.parsed(attribute, parse, otherwise)
    }

    /// A string of a certain form.
    pub(super) fn parsed<T>(&mut self, attribute: &str, parse: fn(&str) -> Option<T>, otherwise: &str) -> Option<T> {
        let parsed = parse(self.text(attribute)?);
        if parsed.is_none() {
            self.fault(attribute, otherwise);
        }
        parsed
    }

    /// A string.
    pub(super) fn text(&mut self, attribute: &str) -> Option<&'a str> {
        let value = self.get(attribute)?;
        if !value.is_string() {
            self.fault(attribute, "must be a string");
        }
        value.as_str()
    }

    /// A string, or a number by its digits.
    pub(super) fn label(&mut self, attribute: &str) -> Option<String> {
        let label = text_or_digits(self.get(attribute)?);
        if label.is_none() {
            self.fault(attribute, "must be a string or a whole number");
        }
        label
    }

    /// A boolean.
    pub(super) fn flag(&mut self, attribute: &str) -> Option<bool> {
        let value = self.get(attribute)?;
        if !value.is_boolean() {
            self.fault(attribute, "must be a boolean (BOOL), not the word for it");
        }
        value.as_bool()
    }

    /// A whole number, or its digits in a string.
    pub(super) fn number(&mut self, attribute: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.get(attribute)?;
        let number = whole_number(value).filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(attribute, format_args!("must be a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// A moment, in seconds since the epoch.
    pub(super) fn moment(&mut self, attribute: &str) -> Option<u64> {
        let moment = moment(self.get(attribute)?);
        if moment.is_none() {
            self.fault(attribute, "must be seconds since the epoch or an RFC 3339 time (`2026-12-31T00:00:00Z`)");
        }
        moment
    }

    /// A list or set of strings, or one string: not empty, none twice. `None` also if any of them cannot be read.
    pub(super) fn list<T>(&mut self, attribute: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
        let value = self.get(attribute)?;
        self.items(attribute, value, |item| parse(item.as_str().ok_or("must be a string")?))
    }

    /// The items of a list, or the one item: not empty, none twice. `None` also if any of them cannot be read.
    pub(super) fn items<T>(
        &mut self,
        path: &str,
        value: &Value,
        parse: impl Fn(&Value) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        if items.is_empty() {
            self.fault(path, "must not be empty");
            return None;
        }
        let (mut parsed, mut seen) = (Vec::new(), HashSet::new());
        for (index, item) in items.iter().enumerate() {
            let place = if value.is_array() { format!("{path}[{index}]") } else { path.to_owned() };
            match parse(item) {
                _ if !seen.insert(item) => self.fault(place, "is there twice"),
                Ok(item) => parsed.push(item),
                Err(reason) => self.fault(place, reason),
            }
        }
        (parsed.len() == items.len()).then_some(parsed)
    }
}

/// A string as it is, a whole number by its digits.
pub(super) fn text_or_digits(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// Seconds since the epoch, as a number, as digits, or as an RFC 3339 time.
pub(super) fn moment(value: &Value) -> Option<u64> {
    whole_number(value).or_else(|| {
        let moment = OffsetDateTime::parse(value.as_str()?, &Rfc3339).ok()?;
        u64::try_from(moment.unix_timestamp()).ok()
    })
}

fn whole_number(value: &Value) -> Option<u64> {
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    value.as_u64().or_else(|| value.as_str().filter(digits)?.parse().ok())
}
