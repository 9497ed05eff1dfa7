use serde_json::Value;

use super::{Function, Phase, RoundTrips};
use crate::chart::Chart;
use crate::functions::spread;
use crate::summary::Summary;
use crate::table::{number, table};

/// What the columns of a phase are called.
const COLUMNS: [&str; 6] = ["function", "connections", "handshakes", "requests", "one after another", "milliseconds"];

/// The page's part on round trips.
pub(crate) fn render(measured: &Value) -> anyhow::Result<String> {
    let trips: RoundTrips = serde_json::from_value(measured.clone())?;
    let RoundTrips { measured, rounds, round_trip_ms, functions, charts } = &trips;
    let mut parts = vec![format!(
        "{}, `{}`; rounds: {rounds}. The keys, DynamoDB and STS are each behind TLS and {} ms away, there and back; a \
         connection takes one round trip and TLS 1.3 another before the first request can leave. \"One after another\" \
         is how many round trips did not overlap; in brackets after the milliseconds, the same without any \
         distance.\n",
        measured.date,
        measured.command,
        number(*round_trip_ms),
    )];
    parts.push(phase("Init:", functions, |function| &function.init));
    parts.push(phase("The first request:", functions, |function| &function.first));
    parts.push(phase("The next one, with another token:", functions, |function| &function.next));
    parts.push(
        charts
            .iter()
            .map(|Chart { name, title, .. }| format!("![{title}](pictures/round-trips-{name}.svg)\n"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    Ok(parts.join("\n"))
}

fn phase(title: &str, functions: &[Function], phase: impl Fn(&Function) -> &Phase) -> String {
    let rows: Vec<Vec<String>> = functions.iter().map(|function| row(&function.title, phase(function))).collect();
    format!("{title}\n\n{}", table(&COLUMNS, &rows))
}

fn row(title: &str, phase: &Phase) -> Vec<String> {
    let Phase { connections, handshakes, requests, in_sequence, ms, near_ms } = phase;
    let mut cells = vec![title.to_owned()];
    cells.extend([connections, handshakes, requests, in_sequence].map(count));
    cells.push(format!("{} [{}]", spread(ms), number(near_ms.median)));
    cells
}

/// The same in every round, or the least and the most.
fn count(Summary { least, most, .. }: &Summary) -> String {
    if least == most { format!("{least}") } else { format!("{least}-{most}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shows_each_phase_with_its_counts_and_what_the_distance_adds() {
        let summary = |least: f64, most: f64| json!({"median": most, "least": least, "most": most});
        let phase = |connections| {
            json!({"connections": connections, "handshakes": summary(3.0, 3.0), "requests": summary(4.0, 4.0),
                   "in_sequence": summary(4.0, 5.0), "ms": summary(88.0, 91.5), "near_ms": summary(7.25, 7.25)})
        };
        let measured = json!({
            "measured": {"date": "2026-11-22", "command": "bench run", "processor": "one", "cores": 2, "memory_gb": 24.0,
                         "kernel": "6.1", "load": "0.10"},
            "rounds": 5, "round_trip_ms": 20.0,
            "functions": [{"title": "Brevet", "init": phase(summary(3.0, 3.0)), "first": phase(summary(0.0, 0.0)),
                           "next": phase(summary(0.0, 0.0))}],
            "charts": [{"name": "cold", "title": "Cold", "across": "ms", "upward": "ms", "explained": "", "curves": []}],
        });
        let page = render(&measured).unwrap();
        let shown = [
            "2026-11-22, `bench run`; rounds: 5.",
            "20.0 ms away",
            "| Brevet   |           3 |          3 |        4 |               4-5 | 91.5 (88.0-91.5) [7.25] |",
            "| Brevet   |           0 |",
            "![Cold](pictures/round-trips-cold.svg)",
        ];
        for text in shown {
            assert!(page.contains(text), "{text}\n{page}");
        }
    }
}
