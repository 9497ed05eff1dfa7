use serde_json::json;

use crate::comparison::{Change, Comparison, Line};
use crate::operation::ALL;

/// A table, and under it what follows from it.
pub(crate) fn text(comparison: &Comparison) -> String {
    let header = ["", "own", "", "cryptography", "", "allocations", "", "libc"].map(str::to_owned);
    let rows: Vec<[String; 8]> = std::iter::once(header).chain(comparison.lines.iter().map(row)).collect();
    let mut text = String::from("instructions each time, and how they compare with the committed figures\n\n");
    for row in rows {
        let [operation, numbers @ ..] = row;
        let cells = numbers.iter().zip([11, 9, 13, 9, 12, 9, 10]).map(|(cell, width)| format!("{cell:>width$}"));
        text += &format!("{operation:<38}{}\n", cells.collect::<String>());
    }
    text.push('\n');
    for difference in &comparison.differences {
        text += &format!("note: since the figures were made, {difference}\n");
    }
    for line in comparison.lines.iter().filter(|line| line.changes().is_none()) {
        text += &format!("`{}` has no figure on one side: run `make gate UPDATE=1`\n", line.operation);
    }
    for line in &comparison.lines {
        for (what, committed, found) in line.judged().into_iter().flatten() {
            if Change::between(committed, found) == Change::Grown {
                let (committed, found) = (grouped(committed), grouped(found));
                text += &format!("`{}` has grown from {committed} {what} to {found}\n", line.operation);
            }
        }
    }
    if comparison.has_gained() {
        text +=
            "something takes a tenth less: keep that with `make gate UPDATE=1`, and commit bench/gate/figures.json\n";
    }
    let verdict = if comparison.passed() {
        "the gate is open: nothing has grown by a tenth"
    } else {
        "the gate is shut: make it cheaper or, if it is worth that, run `make gate UPDATE=1` and say why in the commit"
    };
    text + verdict
}

/// The same for machines.
pub(crate) fn json(comparison: &Comparison) -> anyhow::Result<String> {
    let operations = comparison.lines.iter().map(|line| {
        let grown = line.changes().map(|changes| changes.contains(&Change::Grown));
        json!({"operation": line.operation, "committed": line.committed, "found": line.found, "grown": grown})
    });
    let operations: Vec<_> = operations.collect();
    let (passed, differences) = (comparison.passed(), &comparison.differences);
    let whole = json!({"passed": passed, "operations": operations, "differences": differences});
    Ok(serde_json::to_string_pretty(&whole)?)
}

fn row(line: &Line) -> [String; 8] {
    let does = ALL.iter().find(|operation| operation.name == line.operation).map(|operation| operation.does);
    let cost = |measure: fn(&crate::figures::Cost) -> u64| {
        let (committed, found) = (line.committed.as_ref().map(measure), line.found.as_ref().map(measure));
        [found.map_or_else(|| "-".to_owned(), grouped), change(committed, found)]
    };
    let [own, own_change] = cost(|cost| cost.own);
    let [cryptography, cryptography_change] = cost(|cost| cost.cryptography);
    let [allocations, allocations_change] = cost(|cost| cost.allocations);
    let [libc, _] = cost(|cost| cost.libc);
    let does = does.unwrap_or(&line.operation).to_owned();
    [does, own, own_change, cryptography, cryptography_change, allocations, allocations_change, libc]
}

fn change(committed: Option<u64>, found: Option<u64>) -> String {
    match (committed, found) {
        (Some(0), Some(0)) => String::new(),
        (Some(committed), Some(found)) if committed > 0 => {
            format!("{:+.1} %", (found as f64 / committed as f64 - 1.0) * 100.0)
        }
        _ => "new".to_owned(),
    }
}

/// With a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn changes_are_in_per_cent_of_what_was() {
        let changes =
            [(Some(200), Some(210)), (Some(200), Some(190)), (Some(0), Some(0)), (Some(0), Some(1)), (None, Some(1))];
        assert_eq!(changes.map(|(then, now)| change(then, now)), ["+5.0 %", "-5.0 %", "", "new", "new"]);
    }
}
