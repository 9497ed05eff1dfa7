use brevet_tests::runtime_api::Bootstrap;
use serde_json::Value;

use super::comparison::{Comparison, FLOOR};
use super::peers::{Peer, do_nothing, in_javascript, in_python};
use crate::contender::{Answers, Contender};
use crate::contest::{Contest, Rounds};
use crate::goal::{Goal, Goals};
use crate::options::Run;
use crate::package::Package;
use crate::stream::Stream;
use crate::world::World;

const WARM: usize = 1_000;

const BREVET: &str = "credentials";
const JAVASCRIPT: Peer = peer("javascript-sdk", "aws-jwt-verify and JavaScript SDK");
const PYTHON: Peer = peer("boto3", "PyJWT and boto3");

const fn peer(name: &'static str, title: &'static str) -> Peer {
    Peer { name, title, handler: "credentials", answers: Answers::Credentials, warm: 400 }
}

pub(crate) async fn measure(run: &Run) -> anyhow::Result<Value> {
    let world = World::start().await?;
    let stream = Stream::of("credentials", "rest-get", &world.tokens(run.times(WARM) + 2));
    let contenders = contenders(run, &world)?;
    let contest = Contest { world: &world, stream: &stream, contenders: &contenders, bare: None };
    let rounds = contest.run(run.rounds()).await?;
    Ok(serde_json::to_value(Comparison::new(&contenders, &rounds, goals(&contenders, &rounds)?)?)?)
}

/// Brevet's, and the same job done with what people would use instead.
pub(crate) fn contenders(run: &Run, world: &World) -> anyhow::Result<Vec<Contender>> {
    let program = run.binary("credentials");
    Ok(vec![
        do_nothing(run, WARM),
        Contender {
            name: BREVET,
            title: "Brevet",
            bootstrap: world.brevet(Bootstrap::new(&program).name("credentials")),
            warm: run.times(WARM),
            answers: Answers::Credentials,
            package: Package(vec![program]),
        },
        in_javascript(run, world, JAVASCRIPT),
        in_python(run, world, PYTHON)?,
    ])
}

fn goals(contenders: &[Contender], rounds: &Rounds) -> anyhow::Result<Vec<Goal>> {
    let mut goals = Goals::of(rounds);
    goals.at_most(3.0, "init, times do-nothing", |round| round.ratio(BREVET, FLOOR, "init_ms"));
    goals.at_most(2.0, "AWS calls for each request", |round| round.get(BREVET, "distinct_aws_calls"));
    goals.zip_size(contenders, BREVET)?;
    Ok(goals.all)
}
