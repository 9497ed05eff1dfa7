//! What the function records is enough to decide again.

use brevet_review::{Baseline, RecordedDecision, Totals, what_if};
use brevet_tests::gitlab::JobToken;
use serde_json::json;

use super::{deploy, ordinary, world};

const NOTHING: Totals = Totals { gains: 0, loses: 0, moves: 0, unchanged: 0, cannot_tell: 0, skipped: 0 };

#[tokio::test]
async fn the_same_rows_say_the_same_again_to_every_job_that_was_recorded() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let feature = |job: JobToken| job.claim("ref", "feature/x").claim("ref_path", "refs/heads/feature/x");
    let jobs = [world.token(ordinary), world.token(feature)];
    let mut recorded = Vec::new();
    for token in &jobs {
        let answer = world.ask_with(token).await;
        recorded.push(RecordedDecision::parse(&answer.audit().to_string()).expect("an audit line can be read"));
    }
    let mut row = deploy();
    row["scope"] = json!(world.scope());
    let rows = [row.as_object().expect("a row is an object").clone()];
    let now = recorded.iter().map(|decision| decision.time).max().expect("there are two");
    let replay = what_if(recorded.clone(), Baseline::Recorded, &rows, now);
    assert_eq!(replay.totals, Totals { unchanged: 2, ..NOTHING }, "{:?}", replay.effects);
    let replay = what_if(recorded, Baseline::Recorded, &[], now);
    assert_eq!(replay.totals, Totals { loses: 1, unchanged: 1, ..NOTHING }, "{:?}", replay.effects);
}
