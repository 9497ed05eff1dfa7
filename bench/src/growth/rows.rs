use serde_json::{Value, json};

use super::probe::probe;
use super::subject::{Subject, is_ok};
use crate::chart::Chart;

const ROWS: [usize; 7] = [1, 10, 100, 300, 1_000, 3_000, 10_000];

/// DynamoDB answers a query with 1 MB at most, which is about as many of these rows.
const ROWS_A_PAGE: usize = 3_000;

const EXPLAINED: &str = "Expected: a question by name reads two keys of each scope, whatever else is there, so nothing \
                         grows; a question without a name, and the list, read every row of the job's scopes. On AWS \
                         each megabyte of rows, about three thousand, is a page more that is waited for.";

const LOG_EXPLAINED: &str = "Expected: the rows that were considered are in the audit line, so only a refusal without \
                             a name, which considers all, writes more with more of them. CloudWatch Logs takes 256 KB \
                             in one event, which is some 1,600 rows.";

/// The question, its sample event, and whether there is a row that grants.
const QUESTIONS: [(&str, &str, bool); 4] = [
    ("by name", "rest-get", true),
    ("without a name", "rest-get-without-role", true),
    ("without a name, refused", "rest-get-without-role", false),
    ("the list", "rest-mappings", true),
];

/// Rows in the scope of one project.
pub(super) async fn charts(subject: &Subject) -> anyhow::Result<[Chart; 3]> {
    let chart = |name, title, upward, explained| Chart::new(name, title, "rows in the job's scopes", upward, explained);
    let mut time = chart("rows", "A request, by rows in the job's scopes", "microseconds of a processor", EXPLAINED);
    let mut memory = chart("rows-memory", "The most memory, by rows in the job's scopes", "megabytes", EXPLAINED);
    let mut log = chart("rows-log", "Bytes in the log, by rows in the job's scopes", "bytes", LOG_EXPLAINED);
    subject.world.aws.set_page_size(ROWS_A_PAGE);
    for count in subject.sizes(&ROWS) {
        for (question, case, granted) in QUESTIONS {
            let first = if granted { subject.deploy() } else { other(subject, 0) };
            subject.set_rows(std::iter::once(first).chain((1..count).map(|number| other(subject, number))));
            let events = subject.events("credentials", case, |token| token);
            let cost = probe(&subject.credentials(), &events, |answer| is_ok(answer) == granted).await?;
            time.put(question, count as f64, cost.cpu_us);
            memory.put(question, count as f64, cost.memory_mb);
            log.put(question, count as f64, cost.log_bytes);
        }
    }
    Ok([time, memory, log])
}

/// A row of another name, which is for another branch.
fn other(subject: &Subject, number: usize) -> Value {
    let mut row = subject.deploy();
    if let Some(row) = row.as_object_mut() {
        row.insert("name".to_owned(), json!(format!("deploy-{number}")));
        row.insert("conditions".to_owned(), json!({"ref": format!("release/{number}"), "ref_protected": "true"}));
    }
    row
}
