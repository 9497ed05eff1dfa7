use serde_json::{Map, Value, json};

use super::probe::probe;
use super::subject::{Subject, is_ok};
use crate::chart::Chart;

const PATTERNS: [usize; 7] = [1, 3, 10, 30, 100, 1_000, 10_000];

/// Conditions of the row that grants.
pub(super) async fn chart(subject: &Subject) -> anyhow::Result<Chart> {
    let explained = "Expected: linear in the patterns, as each is decoded from DynamoDB's JSON, read and tried once, \
                     and the last one matches. A row has at most one condition for each claim there is. Ten thousand \
                     patterns are most of the 400 KB that an item may have.";
    let mut chart = Chart::new(
        "conditions",
        "A request, by conditions of the row that grants",
        "conditions, or patterns of one condition",
        "microseconds of a processor",
        explained,
    );
    let events = subject.vends();
    let all = claims(subject);
    for count in subject.sizes(&[1, 2, 5, 10, all.len()]) {
        let conditions: Map<String, Value> = all.iter().take(count).cloned().collect();
        set_conditions(subject, Value::Object(conditions));
        chart.put("conditions", count as f64, probe(&subject.credentials(), &events, is_ok).await?.cpu_us);
    }
    for count in subject.sizes(&PATTERNS) {
        for (name, rest) in [("patterns", ""), ("patterns with a wildcard", "/*")] {
            let mut patterns: Vec<String> = (1..count).map(|number| format!("release/{number}{rest}")).collect();
            patterns.push("main".to_owned());
            set_conditions(subject, json!({"ref_protected": "true", "ref": patterns}));
            chart.put(name, count as f64, probe(&subject.credentials(), &events, is_ok).await?.cpu_us);
        }
    }
    Ok(chart)
}

/// What holds of every job of the streams, the protection of its branch first.
fn claims(subject: &Subject) -> Vec<(String, Value)> {
    let token = subject.world.gitlab.job();
    let own = |name: &str| ["aud", "jti", "pipeline_id", "job_id"].contains(&name);
    let mut claims: Vec<_> = token
        .claims()
        .iter()
        .filter(|(name, value)| value.is_string() && !own(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    claims.sort_by_key(|(name, _)| name != "ref_protected");
    claims
}

fn set_conditions(subject: &Subject, conditions: Value) {
    let mut row = subject.deploy();
    if let Some(row) = row.as_object_mut() {
        row.insert("conditions".to_owned(), conditions);
    }
    subject.set_rows([row]);
}
