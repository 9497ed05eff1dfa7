//! Where the rows are that a question is about.

use std::path::PathBuf;

use brevet_policy::Row;
use clap::Args;

use super::Context;
use super::files::FileRows;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;

/// The table, or files instead of it.
#[derive(Clone, Debug, Args)]
pub struct RowSource {
    /// Ask about these files instead of the table: a file, or a directory with all YAML files below it
    #[arg(short = 'f', long = "file", value_name = "PATH", conflicts_with_all = ["table", "environment", "region"])]
    pub files: Vec<PathBuf>,

    /// The table.
    #[command(flatten)]
    pub table: TableOptions,
}

impl RowSource {
    /// Every row. Files with rows in them that could not be written are refused.
    pub(crate) async fn rows(&self, context: &Context<'_>) -> Result<Vec<Row>, Trouble> {
        if !self.files.is_empty() {
            return Ok(FileRows::read_valid(&self.files)?.rows());
        }
        let table = Table::open(&self.table, context).await?;
        Ok(table.rows().await?.into_iter().map(|stored| stored.row().clone()).collect())
    }
}

/// The rows with others in the place of those that have the same key, and beside the rest.
pub(crate) fn with_proposed(mut rows: Vec<Row>, proposed: &[Row]) -> Vec<Row> {
    rows.retain(|row| !proposed.iter().any(|other| same_key(row, other)));
    rows.extend(proposed.iter().cloned());
    rows
}

/// Whether two rows cannot both be in the table.
pub(crate) fn same_key(row: &Row, other: &Row) -> bool {
    ["scope", "name"].into_iter().all(|part| row.get(part).is_some() && row.get(part) == other.get(part))
}
