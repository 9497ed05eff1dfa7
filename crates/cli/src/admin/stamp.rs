//! What `apply` writes into every row beside what the files say.

use brevet_policy::Row;
use serde_json::{Value, json};

use super::files::BOOKKEEPING;

/// Who writes, and why.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub(crate) managed_by: String,
    pub(crate) updated_by: String,
    pub(crate) change_ref: Option<String>,
}

impl Stamp {
    /// The next edition of a row.
    pub(crate) fn stamped(&self, row: &Row, old: Option<&Row>) -> Row {
        let mut row = row.clone();
        row.insert("version".to_owned(), json!(old.map_or(0, version).saturating_add(1)));
        row.insert("managed_by".to_owned(), json!(self.managed_by));
        row.insert("updated_by".to_owned(), json!(self.updated_by));
        if let Some(change) = &self.change_ref {
            row.insert("change_ref".to_owned(), json!(change));
        }
        row
    }
}

/// The row without what `apply` writes.
pub(crate) fn unstamped(row: &Row) -> Row {
    row.iter()
        .filter(|(name, _)| !BOOKKEEPING.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Who keeps a row; `None` for hands.
pub(crate) fn keeper(row: &Row) -> Option<&str> {
    row.get("managed_by").and_then(Value::as_str).filter(|name| !name.is_empty())
}

fn version(row: &Row) -> u64 {
    let stored = row.get("version");
    stored.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok())).unwrap_or_default()
}
