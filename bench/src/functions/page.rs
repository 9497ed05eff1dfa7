use std::collections::BTreeMap;

use serde_json::Value;

use super::comparison::{Comparison, Function};
use crate::goal::Goal;
use crate::machine::Measured;
use crate::summary::Summary;
use crate::table::{number, table};

/// Columns of the tables: the heading, and the figure.
const TIMES: [(&str, &str); 7] = [
    ("init, ms", "init_ms"),
    ("first request, ms", "first_ms"),
    ("repeated p50, µs", "repeated_p50_us"),
    ("p99", "repeated_p99_us"),
    ("distinct p50, µs", "distinct_p50_us"),
    ("p99", "distinct_p99_us"),
    ("processor, µs", "distinct_cpu_us"),
];
const MULTIPLES: [(&str, &str); 6] = [
    ("init", "init_ms"),
    ("init and first", "init_and_first_ms"),
    ("repeated", "repeated_p50_us"),
    ("distinct", "distinct_p50_us"),
    ("processor", "distinct_cpu_us"),
    ("memory", "memory_first_mb"),
];

/// The page's part on one comparison.
pub(crate) fn render(measured: &Value) -> anyhow::Result<String> {
    let comparison: Comparison = serde_json::from_value(measured.clone())?;
    let mut parts = vec![
        heading(&comparison),
        columns(&TIMES, &comparison, |function| &function.figures),
        sizes(&comparison),
        "As multiples of the do-nothing function:\n".to_owned(),
        columns(&MULTIPLES, &comparison, |function| &function.multiples),
    ];
    if let Some(bare) = comparison.bare.get("verification_p50_us") {
        parts.push(format!("One bare RS256 verification with `jsonwebtoken`: {} µs.\n", spread(bare)));
    }
    parts.push(goals(&comparison.goals));
    parts.push(versions(&comparison));
    Ok(parts.join("\n"))
}

fn heading(comparison: &Comparison) -> String {
    let Measured { date, command, processor, cores, memory_gb, kernel, load } = &comparison.measured;
    let rounds = comparison.rounds;
    let invocations: Vec<String> =
        comparison.functions.iter().map(|function| format!("{} ({})", function.invocations, function.title)).collect();
    format!(
        "{date}, `{command}`; rounds: {rounds}. {processor}, {cores} cores, {memory_gb} GB, Linux {kernel}, load average {load} at \
         the end. Warm invocations of each kind in a round: {}.\n",
        invocations.join(", ")
    )
}

fn columns(
    wanted: &[(&str, &str)],
    comparison: &Comparison,
    figures: impl Fn(&Function) -> &BTreeMap<String, Summary>,
) -> String {
    let header: Vec<&str> = std::iter::once("function").chain(wanted.iter().map(|(heading, _)| *heading)).collect();
    let rows = comparison.functions.iter().map(|function| {
        let cells = wanted.iter().map(|(_, metric)| figures(function).get(*metric).map_or_else(String::new, spread));
        std::iter::once(function.title.clone()).chain(cells).collect()
    });
    table(&header, &rows.collect::<Vec<_>>())
}

fn sizes(comparison: &Comparison) -> String {
    let header = ["function", "memory after the first request, MB", "after all", "uploaded, MB", "as zip, MB"];
    let megabytes = |bytes: u64| number(bytes as f64 / 1e6);
    let rows = comparison.functions.iter().map(|function| {
        let memory = |metric: &str| function.figures.get(metric).map_or_else(String::new, spread);
        vec![
            function.title.clone(),
            memory("memory_first_mb"),
            memory("memory_peak_mb"),
            megabytes(function.package.bytes),
            megabytes(function.package.zip_bytes),
        ]
    });
    table(&header, &rows.collect::<Vec<_>>())
}

fn goals(goals: &[Goal]) -> String {
    let rows = goals.iter().map(|goal| {
        let bound = if goal.is_least { "at least" } else { "at most" };
        let met = if goal.is_met() { "met" } else { "**missed**" };
        vec![goal.goal.clone(), format!("{bound} {}", number(goal.limit)), spread(&goal.found), met.to_owned()]
    });
    table(&["goal", "wanted", "measured", "result"], &rows.collect::<Vec<_>>())
}

fn versions(comparison: &Comparison) -> String {
    let all: Vec<String> = comparison.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    format!("Versions: {}.\n", all.join(", "))
}

/// `57.3 (55.0-61.2)`, or the one value that every round had.
pub(crate) fn spread(summary: &Summary) -> String {
    let Summary { median, least, most } = summary;
    if least == most { number(*median) } else { format!("{} ({}-{})", number(*median), number(*least), number(*most)) }
}
