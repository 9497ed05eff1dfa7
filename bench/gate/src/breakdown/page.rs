use super::Breakdown;
use crate::report::grouped;

const TEMPLATE: &str = include_str!("page.md");

/// bench/profile.md.
pub(super) fn page(breakdown: &Breakdown) -> String {
    let made_with = &breakdown.made_with;
    let versions = format!(
        "rustc {}, valgrind {}, {}, Cargo.lock {}",
        made_with.rustc, made_with.valgrind, made_with.processor, made_with.lock
    );
    TEMPLATE.replace("{{table}}", table(breakdown).trim_end()).replace("{{versions}}", &versions)
}

/// For the terminal.
pub(crate) fn text(breakdown: &Breakdown) -> String {
    let titles = breakdown.requests.iter().enumerate();
    let titles: String = titles.map(|(index, request)| format!("({}) {}\n", index + 1, request.request)).collect();
    let mut text = format!("instructions of one warm request of\n{titles}\n{:<58}", "");
    text += &(1..=breakdown.requests.len()).map(|number| format!("{:>12}", format!("({number})"))).collect::<String>();
    for (title, numbers) in rows(breakdown) {
        let cells: String = numbers.iter().map(|number| format!("{:>12}", cell(*number))).collect();
        text += &format!("\n{title:<58}{cells}");
    }
    text
}

fn table(breakdown: &Breakdown) -> String {
    let titles: String = breakdown.requests.iter().map(|request| format!(" {} |", request.request)).collect();
    let mut table = format!("| instructions of one warm request |{titles}\n");
    table += &format!("| --- |{}\n", " ---: |".repeat(breakdown.requests.len()));
    for (title, numbers) in rows(breakdown) {
        let cells: String = numbers.iter().map(|number| format!(" {} |", cell(*number))).collect();
        table += &format!("| {title} |{cells}\n");
    }
    table
}

/// Every part, the sums, and what is not a part.
fn rows(breakdown: &Breakdown) -> Vec<(String, Vec<i64>)> {
    let requests = &breakdown.requests;
    let row =
        |title: &str, number: fn(&super::Request) -> i64| (title.to_owned(), requests.iter().map(number).collect());
    let parts = requests.first().map(|request| request.parts.as_slice()).unwrap_or_default();
    let of_part = |title: &str| requests.iter().map(|request| request.instructions_of(title)).collect();
    let mut rows: Vec<_> = parts.iter().map(|share| (share.part.clone(), of_part(&share.part))).collect();
    rows.push(row("all", |request| request.instructions));
    rows.push(row("of them in the C library", |request| request.libc));
    rows.push(row("allocations", |request| request.allocations));
    rows
}

fn cell(number: i64) -> String {
    match u64::try_from(number) {
        Ok(0) => "–".to_owned(),
        Ok(number) => grouped(number),
        Err(_) => number.to_string(),
    }
}
