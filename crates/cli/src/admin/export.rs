//! `brevet mappings export`: the table as files that mean the same.

mod directory;
mod emit;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use brevet_mapping_store::StoredRow;
use brevet_policy::{Reading, Row, read};
use clap::Args;
use serde_json::json;

use super::row_key::row_key;
use super::stamp::{keeper, unstamped};
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use super::{Context, EXIT_FOUND};
use crate::output;

/// `brevet mappings export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Write a file for each scope into this directory, which must be empty or new
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,

    /// Whose rows are not those of another tool
    #[arg(long, value_name = "NAME", default_value = "brevet")]
    pub managed_by: String,

    /// Rows that other tools keep, too
    #[arg(long)]
    pub all: bool,

    /// Which table.
    #[command(flatten)]
    pub table: TableOptions,
}

/// The rows to be exported, in the order of their keys.
struct Exported {
    rows: Vec<Row>,
    unreadable: Vec<Row>,
    by_others: usize,
}

#[cfg(feature = "fuzzing")]
pub(super) fn text_of_rows(rows: &[Row], unreadable: &[Row]) -> String {
    emit::file(rows, unreadable)
}

pub(crate) async fn run(arguments: &Export, context: &Context<'_>) -> Result<u8, Trouble> {
    let table = Table::open(&arguments.table, context).await?;
    let exported = Exported::of(table.rows().await?, arguments);
    let text = match &arguments.dir {
        Some(directory) => {
            directory::write(directory, &exported.rows, &exported.unreadable)?;
            None
        }
        None => Some(emit::file(&exported.rows, &exported.unreadable)),
    };
    if context.json {
        output::print(&json!({
            "table": table.label.as_json(), "rows": exported.rows, "unreadable": exported.unreadable.len(), "by_others": exported.by_others,
        }).to_string())?;
    } else if let Some(text) = text {
        output::write(text.as_bytes())?;
    }
    if exported.by_others > 0 {
        output::say(&format!("brevet: {} rows of other tools are left out; --all takes them, too", exported.by_others));
    }
    if exported.unreadable.is_empty() {
        return Ok(0);
    }
    let count = exported.unreadable.len();
    output::say(&format!(
        "brevet: {count} rows cannot be read and are exported as comments; `brevet mappings lint` tells why"
    ));
    Ok(EXIT_FOUND)
}

impl Exported {
    fn of(stored: Vec<StoredRow>, arguments: &Export) -> Self {
        let is_of_another =
            |row: &Row| !arguments.all && keeper(row).is_some_and(|keeper| keeper != arguments.managed_by);
        let (others, mut rows): (Vec<_>, Vec<_>) =
            stored.into_iter().map(|stored| stored.row().clone()).partition(is_of_another);
        rows.sort_by_key(row_key);
        let rows = rows.into_iter().map(|row| unstamped(&row));
        let (rows, unreadable) = rows.partition(|row| matches!(read(row), Reading::Valid(_)));
        Self { rows, unreadable, by_others: others.len() }
    }
}
