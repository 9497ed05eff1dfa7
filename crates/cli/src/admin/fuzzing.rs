//! A door for the fuzz targets (`fuzz/`), which is there only when they are built.

use brevet_policy::Row;

use super::{export, files};

/// The rows of a file, or what is wrong with it: line, column and what.
pub fn rows_of_yaml(text: &str) -> Result<Vec<Row>, Vec<(usize, usize, String)>> {
    files::rows_of_text(text)
}

/// The file that `brevet mappings export` writes for these rows, and for these that no function can read.
pub fn yaml_of_rows(rows: &[Row], unreadable: &[Row]) -> String {
    export::text_of_rows(rows, unreadable)
}
