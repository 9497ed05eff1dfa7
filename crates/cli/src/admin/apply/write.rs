use brevet_mapping_store::StoredRow;
use brevet_policy::Row;
use serde_json::json;

use crate::admin::plan::{Stage, Step, opens_and_closes};
use crate::admin::stamp::{Stamp, unstamped};

/// One row to be written or deleted, on condition that it is what it was.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) stage: Stage,
    pub(crate) key: Key,
    pub(crate) old: Option<StoredRow>,
    pub(crate) new: Option<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Key {
    pub(crate) scope: String,
    pub(crate) name: String,
}

/// The steps as writes, in the order of their stages.
pub(crate) fn writes(steps: Vec<Step>, stamp: &Stamp) -> Vec<Write> {
    let mut writes: Vec<Write> = steps.into_iter().flat_map(|step| of_step(step, stamp)).collect();
    writes.sort_by_key(|write| write.stage.rank());
    writes
}

fn of_step(step: Step, stamp: &Stamp) -> Vec<Write> {
    let Step { stage, change, old, new, .. } = step;
    let key = Key { scope: change.scope, name: change.name };
    let stamped = |row: &Row, old: Option<&StoredRow>| stamp.stamped(row, old.map(StoredRow::row));
    match (&old, &new) {
        (Some(before), Some(after)) if opens_and_closes(&unstamped(before.row()), after) => {
            let closed = stamped(&closed(&key), old.as_ref());
            let between = StoredRow::of(&closed);
            let last = stamped(after, Some(&between));
            vec![
                Write { stage: Stage::Close, key: key.clone(), old, new: Some(closed) },
                Write { stage: Stage::Loosen, key, old: Some(between), new: Some(last) },
            ]
        }
        _ => {
            let new = new.as_ref().map(|row| stamped(row, old.as_ref()));
            vec![Write { stage, key, old, new }]
        }
    }
}

/// Denies all that either edition of a deny row could: for the moment in which other rows change, or until the next
/// `apply` if this one does not come to its end.
fn closed(key: &Key) -> Row {
    let row = json!({
        "scope": key.scope, "name": key.name, "effect": "deny",
        "description": "closed while `brevet mappings apply` puts the next edition of this row in place; apply again",
    });
    row.as_object().cloned().unwrap_or_default()
}
