use std::collections::HashMap;

use brevet_mapping_store::StoredRow;
use brevet_policy::Row;
use brevet_review::compare;
use serde_json::Value;

use super::Step;
use super::stage::Stage;
use crate::admin::files::{FileFault, FileRow, FileRows};
use crate::admin::row_key::row_key;
use crate::admin::stamp::{keeper, unstamped};
use crate::admin::trouble::Trouble;

/// Which rows are ours.
#[derive(Clone, Debug)]
pub(crate) struct Keeping {
    pub(crate) managed_by: String,
    pub(crate) adopt: bool,
}

/// Row by row, in no order.
pub(super) struct Diff {
    pub(super) steps: Vec<Step>,
    pub(super) unchanged: usize,
    pub(super) by_hand: usize,
    pub(super) by_others: usize,
    /// Rows that stay in the table as they are.
    pub(super) staying: Vec<Row>,
}

/// What becomes of a row that is both in the files and in the table.
enum Fate {
    Stays,
    Changes { adopts: bool },
    Refused(String),
}

pub(super) fn diff(files: &FileRows, stored: Vec<StoredRow>, keeping: &Keeping) -> Result<Diff, Trouble> {
    let mut stored: HashMap<(String, String), StoredRow> =
        stored.into_iter().map(|stored| (row_key(stored.row()), stored)).collect();
    let mut diff = Diff { steps: Vec::new(), unchanged: 0, by_hand: 0, by_others: 0, staying: Vec::new() };
    let mut refusals = Vec::new();
    for file in files.iter() {
        let old = stored.remove(&row_key(file.row()));
        let fate = old.as_ref().map_or(Fate::Changes { adopts: false }, |old| fate(file, old.row(), keeping));
        match fate {
            Fate::Changes { adopts } => diff.change(old, Some(file.row().clone()), adopts),
            Fate::Stays => diff.stay(old, keeping),
            Fate::Refused(message) => refusals.push(FileFault { place: file.place(), message }),
        }
    }
    if !refusals.is_empty() {
        let help = "take the rows out of the files, or take those kept by hand over with --adopt";
        return Err(Trouble::in_files("row_of_others", refusals).with_help(help));
    }
    for old in stored.into_values() {
        if keeper(old.row()) == Some(&keeping.managed_by) {
            diff.change(Some(old), None, false);
        } else {
            diff.stay(Some(old), keeping);
        }
    }
    Ok(diff)
}

impl Diff {
    fn change(&mut self, old: Option<StoredRow>, new: Option<Row>, adopts: bool) {
        let before = old.as_ref().map(|old| unstamped(old.row()));
        let change = compare(before.as_ref(), new.as_ref());
        let stage = Stage::of(before.as_ref(), new.as_ref(), change.meaning);
        self.steps.push(Step { stage, adopts, change, old, new });
    }

    fn stay(&mut self, old: Option<StoredRow>, keeping: &Keeping) {
        let Some(old) = old else { return };
        match keeper(old.row()) {
            Some(name) if name == keeping.managed_by => self.unchanged += 1,
            Some(_) => self.by_others += 1,
            None => self.by_hand += 1,
        }
        self.staying.push(old.row().clone());
    }
}

fn fate(file: &FileRow, old: &Row, keeping: &Keeping) -> Fate {
    let same = alike(file.row()) == alike(&unstamped(old));
    match keeper(old) {
        Some(name) if name == keeping.managed_by && same => Fate::Stays,
        Some(name) if name == keeping.managed_by => Fate::Changes { adopts: false },
        None if keeping.adopt => Fate::Changes { adopts: true },
        _ if same => Fate::Stays,
        Some(name) => Fate::Refused(format!("the table has another edition of this row, kept by `{name}`")),
        None => Fate::Refused("the table has another edition of this row, kept by hand".to_owned()),
    }
}

/// The row with ids in conditions as text: a file cannot say otherwise, the console can.
pub(super) fn alike(row: &Row) -> Row {
    let text = |value: &Value| value.as_u64().map_or_else(|| value.clone(), |digits| Value::String(digits.to_string()));
    let texts = |value: &Value| match value {
        Value::Array(items) => items.iter().map(text).collect(),
        other => text(other),
    };
    let mut row = row.clone();
    if let Some(conditions) = row.get_mut("conditions").and_then(Value::as_object_mut) {
        conditions.values_mut().for_each(|value| *value = texts(value));
    }
    row
}
