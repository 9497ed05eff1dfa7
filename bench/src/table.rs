/// A table in Markdown, its columns aligned: the first to the left, the others to the right.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let all = || std::iter::once(&header).chain(rows);
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0).max(4)
        })
        .collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = (widths.iter().zip(row).enumerate())
            .map(
                |(column, (width, cell))| {
                    if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                },
            )
            .collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rule: Vec<String> = (widths.iter().enumerate())
        .map(|(column, width)| if column == 0 { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) })
        .collect();
    let mut text = line(&header) + &line(&rule);
    rows.iter().for_each(|row| text += &line(row));
    text
}

/// Three significant digits, without an exponent.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 100.0 => 0,
        middle if middle >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let rows = [vec!["one".to_owned(), "1.00".to_owned()], vec!["seventeen".to_owned(), "17.0".to_owned()]];
        let text = table(&["what", "how much"], &rows);
        assert_eq!(
            text,
            "| what      | how much |\n| --------- | -------: |\n| one       |     1.00 |\n| seventeen |     17.0 |\n"
        );
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([0.044, 1.0, 57.31, 570.4].map(number), ["0.04", "1.00", "57.3", "570"]);
    }
}
