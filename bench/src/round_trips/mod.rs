//! What a cold function costs where everything it talks to is far away.

mod distances;
mod journey;
mod page;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::journey::journey;
pub(crate) use self::page::render;
use crate::chart::Chart;
use crate::contender::Contender;
use crate::contest::{Chance, Round, Rounds, show};
use crate::functions::{FLOOR, authorizer, credentials};
use crate::machine::Measured;
use crate::options::Run;
use crate::stream::Stream;
use crate::summary::Summary;
use crate::world::World;

/// There and back: DynamoDB and STS in the same region answer sooner, a GitLab on another continent later.
const ROUND_TRIP: Duration = Duration::from_millis(20);

/// Counts are the same in every round; the times need few.
const MOST_ROUNDS: usize = 5;

/// What was measured of all functions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RoundTrips {
    measured: Measured,
    rounds: usize,
    round_trip_ms: f64,
    functions: Vec<Function>,
    charts: Vec<Chart>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Function {
    title: String,
    init: Phase,
    first: Phase,
    next: Phase,
}

/// A part of a function's life: what crossed the distance, and how long it took.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Phase {
    connections: Summary,
    handshakes: Summary,
    requests: Summary,
    /// Round trips that were made one after another.
    in_sequence: Summary,
    ms: Summary,
    /// The same without any distance.
    near_ms: Summary,
}

pub(crate) async fn measure(run: &Run) -> anyhow::Result<Value> {
    let (near, far) = (World::start_abroad(Duration::ZERO).await?, World::start_abroad(ROUND_TRIP).await?);
    let (at_home, abroad) = (contenders(run, &near)?, contenders(run, &far)?);
    let (started, rounds, mut chance, mut done) =
        (Instant::now(), run.rounds().min(MOST_ROUNDS), Chance::new(), Vec::new());
    for number in 1..=rounds {
        let mut order: Vec<_> = at_home.iter().zip(&abroad).collect();
        chance.shuffle(&mut order);
        let mut round = Round::default();
        for ((contender, function), (distant, _)) in order {
            show(number, rounds, started, contender.title);
            let mut sample = journey(contender, &stream(function, &near), &near, "near_ms").await?;
            sample.0.extend(journey(distant, &stream(function, &far), &far, "ms").await?.0);
            round.0.insert(contender.name, sample);
        }
        done.push(round);
    }
    eprintln!();
    let rounds = Rounds(done);
    let function = |(contender, _): &(Contender, _)| Function::of(contender, &rounds);
    Ok(serde_json::to_value(RoundTrips {
        measured: Measured::now()?,
        rounds: rounds.0.len(),
        round_trip_ms: ROUND_TRIP.as_secs_f64() * 1e3,
        functions: abroad.iter().filter_map(function).collect(),
        charts: distances::charts(run).await?.into(),
    })?)
}

/// All that are compared elsewhere, each with the function whose job it does.
fn contenders(run: &Run, world: &World) -> anyhow::Result<Vec<(Contender, &'static str)>> {
    let credentials = credentials::contenders(run, world)?.into_iter().map(|contender| (contender, "credentials"));
    let authorizer = authorizer::contenders(run, world)?.into_iter().map(|contender| (contender, "authorizer"));
    Ok(credentials.chain(authorizer).filter(|(contender, _)| contender.name != FLOOR).collect())
}

/// Two requests, each of a job of its own.
fn stream(function: &str, world: &World) -> Stream {
    let case = if function == "credentials" { "rest-get" } else { "rest-request" };
    Stream::of(function, case, &world.tokens(2))
}

impl Function {
    fn of(contender: &Contender, rounds: &Rounds) -> Option<Self> {
        let phase = |phase: &str| {
            let figure = |name: &str| rounds.summary(|round| round.get(contender.name, &format!("{phase}_{name}")));
            Some(Phase {
                connections: figure("connections")?,
                handshakes: figure("handshakes")?,
                requests: figure("requests")?,
                in_sequence: figure("in_sequence")?,
                ms: figure("ms")?,
                near_ms: figure("near_ms")?,
            })
        };
        Some(Self {
            title: contender.title.to_owned(),
            init: phase("init")?,
            first: phase("first")?,
            next: phase("next")?,
        })
    }
}
