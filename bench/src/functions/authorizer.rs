use brevet_tests::runtime_api::Bootstrap;
use serde_json::Value;

use super::comparison::{Comparison, FLOOR};
use super::peers::{Peer, do_nothing, in_javascript, in_python};
use crate::bare::Bare;
use crate::contender::{Answers, Contender};
use crate::contest::{Contest, Rounds};
use crate::goal::{Goal, Goals};
use crate::options::Run;
use crate::package::Package;
use crate::stream::Stream;
use crate::world::World;

/// Warm invocations of each kind in a round. More tokens than the authorizer remembers.
const WARM: usize = 2_000;

const STATIC_KEYS: &str = "authorizer-static-keys";
const FETCHED_KEYS: &str = "authorizer";
const MAPPINGS: &str = "authorizer-mappings";
const NODE: Peer = peer("aws-jwt-verify", "aws-jwt-verify on Node.js");
const PYTHON: Peer = peer("pyjwt", "PyJWT on Python");

const fn peer(name: &'static str, title: &'static str) -> Peer {
    Peer { name, title, handler: "authorizer", answers: Answers::Policy, warm: 1_000 }
}

pub(crate) async fn measure(run: &Run) -> anyhow::Result<Value> {
    let world = World::start().await?;
    let tokens = world.tokens(run.times(WARM) + 2);
    let stream = Stream::of("authorizer", "rest-request", &tokens);
    let contenders = contenders(run, &world)?;
    let bare = Bare::new(run.binary("bare-verification"), &world, &tokens)?;
    let contest = Contest { world: &world, stream: &stream, contenders: &contenders, bare: Some(&bare) };
    let rounds = contest.run(run.rounds()).await?;
    Ok(serde_json::to_value(Comparison::new(&contenders, &rounds, goals(&contenders, &rounds)?)?)?)
}

/// Brevet's, and the same job done with what people would use instead.
pub(crate) fn contenders(run: &Run, world: &World) -> anyhow::Result<Vec<Contender>> {
    let program = run.binary("authorizer");
    let brevet = |name, title, bootstrap: Bootstrap| Contender {
        name,
        title,
        bootstrap,
        warm: run.times(WARM),
        answers: Answers::Policy,
        package: Package(vec![program.clone()]),
    };
    let start = |policy: &str| Bootstrap::new(&program).name("authorizer").variable("ROUTE_POLICY", policy);
    let with_static_keys = world.brevet_with_static_keys(start("authenticated"));
    let with_fetched_keys = world.brevet(start("authenticated"));
    let with_mappings = world.brevet_with_static_keys(start("mappings").variable("API_NAME", "reports"));
    Ok(vec![
        do_nothing(run, WARM),
        brevet(STATIC_KEYS, "Brevet, keys in its settings", with_static_keys),
        brevet(FETCHED_KEYS, "Brevet, keys fetched", with_fetched_keys),
        brevet(MAPPINGS, "Brevet, route mappings", with_mappings),
        in_javascript(run, world, NODE),
        in_python(run, world, PYTHON)?,
    ])
}

fn goals(contenders: &[Contender], rounds: &Rounds) -> anyhow::Result<Vec<Goal>> {
    let mut goals = Goals::of(rounds);
    for (name, which) in [(STATIC_KEYS, "keys in its settings"), (FETCHED_KEYS, "keys fetched")] {
        let mut times_floor = |limit, metric: &'static str, what: &str| {
            goals.at_most(limit, &format!("{which}: {what}, times do-nothing"), move |round| {
                round.ratio(name, FLOOR, metric)
            });
        };
        times_floor(1.3, "init_ms", "init");
        times_floor(1.3, "memory_first_mb", "peak memory after the first request");
        times_floor(1.3, "memory_peak_mb", "peak memory after the whole stream");
        times_floor(1.2, "repeated_p50_us", "a repeated token");
        goals.at_most(
            1.5,
            &format!("{which}: a distinct token, less do-nothing, in bare verifications"),
            move |round| {
                let more = round.get(name, "distinct_p50_us")? - round.get(FLOOR, "distinct_p50_us")?;
                Some(more / round.get("bare", "verification_p50_us")?)
            },
        );
    }
    goals.at_most(1.0, "route mappings: AWS calls for each request", |round| round.get(MAPPINGS, "distinct_aws_calls"));
    for Peer { name, title, .. } in [NODE, PYTHON] {
        goals.at_least(10.0, &format!("init of {title}, times Brevet's with keys fetched"), move |round| {
            round.ratio(name, FETCHED_KEYS, "init_ms")
        });
        goals.at_least(3.0, &format!("a distinct token on {title}, times Brevet's with keys fetched"), move |round| {
            round.ratio(name, FETCHED_KEYS, "distinct_p50_us")
        });
    }
    goals.zip_size(contenders, FETCHED_KEYS)?;
    Ok(goals.all)
}
