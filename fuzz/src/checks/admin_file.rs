use brevet_cli::fuzzing::{rows_of_yaml, yaml_of_rows};
use brevet_policy::{Reading, Row, read};

/// A file of role mappings: either it is refused with a place in it, or its rows, written as `export` writes them, are read
/// as the same rows, and those that no function can read stay comments.
pub fn admin_file(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let rows = match rows_of_yaml(text) {
        Ok(rows) => rows,
        Err(flaws) => {
            // To YAML a carriage return ends a line too.
            let lines = text.split(['\n', '\r']).count() + 1;
            assert!(
                !flaws.is_empty() && flaws.iter().all(|(line, column, _)| *line <= lines && *column > 0),
                "{flaws:?}"
            );
            return;
        }
    };
    let (valid, unreadable): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| matches!(read(row), Reading::Valid(_)));
    let written = yaml_of_rows(&valid, &unreadable);
    assert_eq!(rows_of_yaml(&written), Ok(valid), "{written}");
}
