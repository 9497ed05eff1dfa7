//! What is wrong with the rows of files, place by place.

use std::collections::HashMap;

use brevet_identity::ClaimName;
use brevet_policy::{Reading, attributes, read};
use serde_json::Value;

use super::place::{FileFault, Place};
use super::row::FileRow;

/// What `apply` writes by itself.
pub(crate) const BOOKKEEPING: [&str; 4] = ["version", "updated_by", "change_ref", "managed_by"];

/// Everything that keeps these rows from being written.
pub(super) fn faults(rows: &[FileRow]) -> Vec<FileFault> {
    let own = rows.iter().flat_map(|row| unreadable(row).into_iter().chain(bookkeeping(row)));
    own.chain(duplicates(rows)).collect()
}

fn unreadable(row: &FileRow) -> Vec<FileFault> {
    let Reading::Invalid(invalid) = read(row.row()) else { return Vec::new() };
    let told = |fault: &brevet_policy::Fault| {
        let suggestion = nearest(&fault.attribute).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        let message = format!("`{}` {}{suggestion}", fault.attribute, fault.reason);
        FileFault { place: row.place_of(&fault.attribute), message }
    };
    invalid.faults.iter().map(told).collect()
}

fn bookkeeping(row: &FileRow) -> impl Iterator<Item = FileFault> {
    BOOKKEEPING.into_iter().filter(|attribute| row.row().contains_key(*attribute)).map(|attribute| FileFault {
        place: row.place_of(attribute),
        message: format!("`{attribute}` is written by `brevet mappings apply`: leave it out"),
    })
}

fn duplicates(rows: &[FileRow]) -> Vec<FileFault> {
    let mut first: HashMap<(&str, &str), Place> = HashMap::new();
    let mut faults = Vec::new();
    for row in rows {
        let text = |attribute| row.row().get(attribute).and_then(Value::as_str);
        let (Some(scope), Some(name)) = (text("scope"), text("name")) else { continue };
        match first.get(&(scope, name)) {
            Some(earlier) => {
                let message = format!("the row `{name}` of `{scope}` is there already: {earlier}");
                faults.push(FileFault { place: row.place(), message });
            }
            None => drop(first.insert((scope, name), row.place())),
        }
    }
    faults
}

/// The attribute or claim that somebody may have meant, where what is written is none.
pub(crate) fn nearest(path: &str) -> Option<&'static str> {
    match path.strip_prefix("conditions.") {
        Some(claim) if ClaimName::parse(claim).is_none() => closest(claim, ClaimName::all().map(ClaimName::as_str)),
        Some(_) => None,
        None if attributes().any(|known| path == known || path.starts_with(&format!("{known}["))) => None,
        None => closest(path, attributes()),
    }
}

fn closest(word: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let distance = |name: &'static str| (strsim::damerau_levenshtein(&word.to_lowercase(), name), name);
    let (distance, name) = known.map(distance).min()?;
    (distance <= (name.len() / 3).max(1)).then_some(name)
}
