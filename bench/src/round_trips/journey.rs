use std::time::Duration;

use anyhow::Context as _;
use brevet_tests::distance::{Kind, Trips};

use crate::contender::Contender;
use crate::sample::Sample;
use crate::stream::Stream;
use crate::world::World;

/// Starts the function, sends it each event of the stream, and tells of each phase how long it took, under the name
/// `clock`, and what crossed the distance.
pub(super) async fn journey(
    contender: &Contender,
    stream: &Stream,
    world: &World,
    clock: &str,
) -> anyhow::Result<Sample> {
    let journal = &world.distance.as_ref().context("the world is far away")?.journal;
    let (mut sample, mut seen) = (Sample::default(), journal.len());
    let mut environment = contender.bootstrap.start().await.with_context(|| contender.title)?;
    put(&mut sample, "init", clock, environment.init_duration(), &journal.since(seen));
    for (phase, event) in ["first", "next"].into_iter().zip(&stream.events) {
        seen = journal.len();
        let invocation = environment.invoke(event.clone()).await;
        put(&mut sample, phase, clock, invocation.duration, &journal.since(seen));
        contender.check(invocation)?;
    }
    environment.stop().await;
    Ok(sample)
}

fn put(sample: &mut Sample, phase: &str, clock: &str, duration: Duration, trips: &Trips) {
    let figures = [
        (clock, duration.as_secs_f64() * 1e3),
        ("connections", trips.count(Kind::Connection) as f64),
        ("handshakes", trips.count(Kind::Handshake) as f64),
        ("requests", trips.count(Kind::Request) as f64),
        ("in_sequence", trips.in_sequence() as f64),
    ];
    sample.0.extend(figures.map(|(name, value)| (format!("{phase}_{name}"), value)));
}
