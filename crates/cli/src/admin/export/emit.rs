//! Rows as YAML that is read back as the same rows.

use std::fmt::Write as _;

use brevet_policy::{Reading, Row, attributes, read};
use serde_json::Value;

use crate::admin::files::needs_quotes;

/// A file with these rows, and below them, as comments, those that no function can read either.
pub(super) fn file(rows: &[Row], unreadable: &[Row]) -> String {
    let mut text = String::from(if rows.is_empty() { "mappings: []\n" } else { "mappings:\n" });
    rows.iter().for_each(|row| text.push_str(&item(row)));
    for row in unreadable {
        text.push_str("\n# This row cannot be read, so it grants nothing:\n");
        if let Reading::Invalid(invalid) = read(row) {
            for fault in invalid.faults {
                text.push_str(&comment(&format!("  {}: {}", fault.attribute, fault.reason)));
            }
        }
        text.push_str(&comment(&item(row)));
    }
    text
}

/// What would end the comment, or the file, for a reader of YAML is written by its number: a row nobody can read may be
/// called anything.
fn comment(text: &str) -> String {
    let mut commented = String::new();
    for line in text.lines() {
        commented.push_str("# ");
        for one in line.chars() {
            if is_unprintable(one) { commented.extend(one.escape_unicode()) } else { commented.push(one) }
        }
        commented.push('\n');
    }
    commented
}

/// A row as an item of a list: attributes in the order of the documentation.
fn item(row: &Row) -> String {
    let known = attributes().filter_map(|name| row.get_key_value(name));
    let unknown = row.iter().filter(|(name, _)| !attributes().any(|known| known == *name));
    let mut text = String::new();
    for (index, (name, value)) in known.chain(unknown).enumerate() {
        text.push_str(if index == 0 { "  - " } else { "    " });
        member(&mut text, name, value, 6);
    }
    text
}

/// The rest of a line after its indentation, and the lines below it.
fn member(text: &mut String, name: &str, value: &Value, indent: usize) {
    text.push_str(&scalar(name));
    text.push(':');
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('\n');
            for (name, value) in members {
                text.push_str(&" ".repeat(indent));
                member(text, name, value, indent + 2);
            }
        }
        _ => {
            text.push(' ');
            text.push_str(&flow(value));
            text.push('\n');
        }
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("{}: {}", scalar(name), flow(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Text without quotes where nothing in it could be taken for anything else.
fn scalar(text: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || "_./-+=@".contains(one);
    // Inside a word a colon is a colon, as in an ARN; after the last letter it would end a name.
    let colons = !text.ends_with(':');
    let first = text.starts_with(|first: char| first.is_ascii_alphanumeric() || "/_".contains(first));
    if first && colons && text.chars().all(|one| plain(one) || one == ':') && !needs_quotes(text) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' | '\\' => quoted.extend(['\\', one]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ if is_unprintable(one) => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(one));
            }
            _ => quoted.push(one),
        }
    }
    quoted.push('"');
    quoted
}

/// What YAML does not print, or takes for the end of a line.
fn is_unprintable(one: char) -> bool {
    one.is_control() || matches!(one, '\u{2028}'..='\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
