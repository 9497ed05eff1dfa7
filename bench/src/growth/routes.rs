use serde_json::Value;

use super::probe::probe;
use super::subject::Subject;
use crate::chart::Chart;

const ROUTES: [usize; 10] = [1, 3, 10, 20, 30, 60, 90, 100, 300, 1_000];
const WILDCARDS: [usize; 6] = [1, 3, 10, 20, 40, 80];

const EXPLAINED: &str = "Expected: linear where routes are plain; where they have wildcards, each is held against \
                         every other, which is quadratic. An answer has room for 6 KB of resources. Routes that need \
                         more are not opened at all, so that from there on the answer is a refusal, the log says \
                         `routes_not_expressible`, and the time is spent in vain: open more with fewer routes, by \
                         `**`.";

/// Routes of a row, and wildcards of a route.
pub(super) async fn charts(subject: &Subject) -> anyhow::Result<[Chart; 3]> {
    let microseconds = "microseconds of a processor";
    let mut time =
        Chart::new("routes", "A request to the authorizer, by routes of a row", "routes", microseconds, EXPLAINED);
    let mut size = Chart::new("policy", "The authorizer's answer, by routes of a row", "routes", "bytes", EXPLAINED);
    for count in subject.sizes(&ROUTES) {
        for (name, rest) in [("plain routes", ""), ("routes with a wildcard", "/*/details")] {
            let others = (1..count).map(|number| format!("GET /reports-{number}{rest}"));
            let (cpu_us, answer) = ask(subject, others).await?;
            time.put(name, count as f64, cpu_us);
            size.put(name, count as f64, answer.to_string().len() as f64);
        }
    }
    let mut wildcards = Chart::new(
        "wildcards",
        "A request to the authorizer, by wildcards of each of two routes",
        "wildcards",
        microseconds,
        "Expected: cubic, as each wildcard stands for a list of segments that is held against the other route's. Forty \
         are more than a policy has room for.",
    );
    for count in subject.sizes(&WILDCARDS) {
        let ends = ["one", "other"].map(|end| format!("GET /{}{end}", "*/".repeat(count)));
        wildcards.put("two routes", count as f64, ask(subject, ends).await?.0);
    }
    Ok([time, size, wildcards])
}

/// Asks for `GET /whoami`, which is open beside these routes.
async fn ask(subject: &Subject, others: impl IntoIterator<Item = String>) -> anyhow::Result<(f64, Value)> {
    let routes: Vec<String> = std::iter::once("GET /whoami".to_owned()).chain(others).collect();
    subject.set_rows([subject.routes(&routes)]);
    let cost = probe(&subject.authorizer_by_rows(), &subject.authorizations(), |answer| answer.is_object()).await?;
    Ok((cost.cpu_us, cost.answer))
}
