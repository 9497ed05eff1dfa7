//! Role mappings in YAML files.

mod directory;
mod document;
mod judge;
mod place;
mod row;
mod scalar;
mod yaml;

#[cfg(test)]
pub(crate) mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use brevet_policy::Row;

pub(crate) use self::judge::{BOOKKEEPING, nearest};
pub(crate) use self::place::{FileFault, Place};
pub(crate) use self::row::FileRow;
pub(crate) use self::scalar::needs_quotes;
use super::trouble::Trouble;

/// The rows of a text, as if it were a file.
#[cfg(feature = "fuzzing")]
pub(super) fn rows_of_text(text: &str) -> Result<Vec<Row>, Vec<(usize, usize, String)>> {
    let (rows, flaws) = document::rows(&Arc::from("text"), text);
    if flaws.is_empty() {
        return Ok(rows.iter().map(|row| row.row().clone()).collect());
    }
    Err(flaws.into_iter().map(|flaw| (flaw.position.0, flaw.position.1, flaw.message)).collect())
}

/// The rows of files, and where they are.
#[derive(Clone, Debug)]
pub(crate) struct FileRows(Vec<FileRow>);

impl FileRows {
    /// Reads files, and directories with all YAML files below them. Refuses what is no YAML, or has no rows in it; what
    /// the rows say is not looked at.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Trouble> {
        let unreadable = |message| Trouble::refused("files_unreadable", message);
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        let mut files: Vec<PathBuf> = Vec::new();
        for path in paths {
            files.extend(directory::files_at(path).map_err(unreadable)?);
        }
        files.sort();
        files.dedup();
        for path in &files {
            let name: Arc<str> = path.display().to_string().into();
            let (found, flaws) = document::rows(&name, &directory::text_of(path).map_err(unreadable)?);
            rows.extend(found);
            faults.extend(flaws.into_iter().map(|flaw| {
                let (line, column) = flaw.position;
                FileFault { place: Place { file: Arc::clone(&name), line, column }, message: flaw.message }
            }));
        }
        if faults.is_empty() { Ok(Self(rows)) } else { Err(Trouble::in_files("files_invalid", faults)) }
    }

    /// The same, and refuses rows that could not be written: every fault in all of them at once.
    pub(crate) fn read_valid(paths: &[PathBuf]) -> Result<Self, Trouble> {
        let rows = Self::read(paths)?;
        let faults = judge::faults(&rows.0);
        if faults.is_empty() { Ok(rows) } else { Err(Trouble::in_files("files_invalid", faults)) }
    }

    /// In the order of the files.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &FileRow> {
        self.0.iter()
    }

    /// As they would be stored.
    pub(crate) fn rows(&self) -> Vec<Row> {
        self.0.iter().map(|row| row.row().clone()).collect()
    }
}
