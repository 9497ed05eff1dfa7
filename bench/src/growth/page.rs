use serde_json::Value;

use super::Growth;
use crate::chart::{Chart, Curve};
use crate::table::{number, table};

/// The page's part on growth.
pub(crate) fn render(measured: &Value) -> anyhow::Result<String> {
    let growth: Growth = serde_json::from_value(measured.clone())?;
    let mut parts = vec![format!(
        "{}, `{}`. Processor time is that of the function's process, the lower quartile of 5 to 200 requests; memory \
         is the most it ever had. \"Order\" is the power with which what is added grows from the middle of the range \
         to its end: 1 is linear, 2 quadratic.\n",
        growth.measured.date, growth.measured.command,
    )];
    parts.extend(growth.charts.iter().map(chart));
    Ok(parts.join("\n"))
}

fn chart(chart: &Chart) -> String {
    let Chart { name, title, across, upward, explained, curves } = chart;
    let mut header = vec![across.as_str()];
    header.extend(curves.iter().map(|curve| curve.name.as_str()));
    let mut sizes: Vec<f64> = curves.iter().flat_map(|curve| curve.points.iter().map(|(x, _)| *x)).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes.dedup();
    let mut rows: Vec<Vec<String>> = sizes.into_iter().map(|size| row(size, curves)).collect();
    rows.push(std::iter::once("order".to_owned()).chain(curves.iter().map(order)).collect());
    let shown = table(&header, &rows);
    format!("### {title}\n\n![{title}](pictures/growth-{name}.svg)\n\n{upward}:\n\n{shown}\n{explained}\n")
}

fn row(size: f64, curves: &[Curve]) -> Vec<String> {
    let cell = |curve: &Curve| curve.at(size).map_or_else(String::new, number);
    std::iter::once(size.to_string()).chain(curves.iter().map(cell)).collect()
}

fn order(curve: &Curve) -> String {
    curve.power().map_or_else(|| "none".to_owned(), |power| format!("{power:.1}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shows_each_chart_with_its_picture_its_figures_and_their_order() {
        let measured = json!({
            "measured": {"date": "2026-11-22", "command": "bench run", "processor": "one", "cores": 2, "memory_gb": 24.0,
                         "kernel": "6.1", "load": "0.10"},
            "charts": [{
                "name": "rows", "title": "A request, by rows", "across": "rows", "upward": "microseconds",
                "explained": "Expected: linear.",
                "curves": [{"name": "by name", "points": [[1.0, 500.0], [10.0, 501.0], [100.0, 499.0]]},
                           {"name": "the list", "points": [[1.0, 510.0], [10.0, 600.0], [100.0, 1500.0]]}],
            }],
        });
        let page = render(&measured).unwrap();
        let shown = [
            "2026-11-22, `bench run`.",
            "### A request, by rows\n\n![A request, by rows](pictures/growth-rows.svg)\n\nmicroseconds:",
            "| rows  | by name | the list |",
            "| 100   |     499 |     1500 |",
            "| order |    none |      1.0 |",
            "Expected: linear.",
        ];
        for text in shown {
            assert!(page.contains(text), "{text}\n{page}");
        }
    }
}
