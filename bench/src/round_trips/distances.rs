use std::time::Duration;

use super::journey::journey;
use crate::chart::Chart;
use crate::functions::{FLOOR, credentials};
use crate::options::Run;
use crate::sample::Sample;
use crate::stream::Stream;
use crate::summary::percentile;
use crate::world::World;

/// From the next building to the other side of the world.
const MILLISECONDS: [u64; 5] = [1, 5, 20, 50, 100];

/// Each distance is seen so often.
const TIMES: usize = 3;

/// What a cold credentials function and its peers make of the distance.
pub(super) async fn charts(run: &Run) -> anyhow::Result<[Chart; 2]> {
    let chart = |name, title| Chart::new(name, title, "milliseconds there and back", "milliseconds", "");
    let mut cold = chart("cold", "Cold credentials: from the start to the first answer, by distance");
    let mut first = chart("first", "Cold credentials: the first request alone, by distance");
    let times = if run.quick { 1 } else { TIMES };
    for distance in MILLISECONDS.into_iter().take(if run.quick { 2 } else { MILLISECONDS.len() }) {
        eprintln!("  {distance} ms away");
        let world = World::start_abroad(Duration::from_millis(distance)).await?;
        for contender in credentials::contenders(run, &world)?.iter().filter(|contender| contender.name != FLOOR) {
            let mut samples = Vec::new();
            for _ in 0..times {
                let stream = Stream::of("credentials", "rest-get", &world.tokens(1));
                samples.push(journey(contender, &stream, &world, "ms").await?);
            }
            cold.put(contender.title, distance as f64, median(&samples, &["init_ms", "first_ms"]));
            first.put(contender.title, distance as f64, median(&samples, &["first_ms"]));
        }
    }
    Ok([cold, first])
}

/// Of the sum of these figures.
fn median(samples: &[Sample], figures: &[&str]) -> f64 {
    let sum = |sample: &Sample| figures.iter().filter_map(|figure| sample.0.get(*figure)).sum();
    percentile(&mut samples.iter().map(sum).collect::<Vec<f64>>(), 50.0)
}
