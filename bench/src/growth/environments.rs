use std::time::{Duration, Instant};

use brevet_tests::runtime_api::{Bootstrap, Environment};
use tokio::task::JoinSet;

use super::subject::Subject;
use crate::chart::Chart;

const ENVIRONMENTS: [usize; 5] = [1, 2, 4, 8, 16];

/// How long all of them are kept busy.
const TIME: Duration = Duration::from_millis(800);

/// Execution environments side by side, each with one request at a time, as Lambda runs them.
pub(super) async fn charts(subject: &Subject) -> anyhow::Result<[Chart; 3]> {
    let explained = "Expected: memory is linear, as environments share nothing, and a request costs much the same \
                     however many there are: a little more where processes push each other out of a processor's \
                     caches, which they do not on Lambda. How many requests there are in all is limited by this \
                     machine: the harness, with AWS in it, takes one of its processors.";
    let chart = |name, title, upward| Chart::new(name, title, "environments", upward, explained);
    let mut memory = chart("environments-memory", "Memory of all, by environments at once", "megabytes");
    let mut cost = chart("environments-cost", "A request, by environments at once", "microseconds of a processor");
    let mut requests = chart("environments", "Requests, by environments at once", "requests a second");
    subject.set_rows([subject.deploy()]);
    let functions = [
        ("authorizer", subject.authorizer(), subject.authorizations()),
        ("credentials", subject.credentials(), subject.vends()),
    ];
    for count in subject.sizes(&ENVIRONMENTS) {
        for (name, bootstrap, events) in &functions {
            let done = run(bootstrap, events, count).await?;
            memory.put(name, count as f64, done.resident as f64 / 1e6);
            cost.put(name, count as f64, done.cpu.as_secs_f64() * 1e6 / done.requests as f64);
            requests.put(name, count as f64, done.requests as f64 / TIME.as_secs_f64());
        }
    }
    Ok([memory, cost, requests])
}

/// What one environment, or all together, did and took.
#[derive(Clone, Copy, Default)]
struct Done {
    requests: usize,
    cpu: Duration,
    resident: u64,
}

async fn run(bootstrap: &Bootstrap, events: &[String], count: usize) -> anyhow::Result<Done> {
    let mut environments = Vec::new();
    for _ in 0..count {
        let mut environment = bootstrap.start().await?;
        environment.invoke(events.first().cloned().unwrap_or_default()).await.answer?;
        environments.push(environment);
    }
    let (until, mut busy) = (Instant::now() + TIME, JoinSet::new());
    for environment in environments {
        busy.spawn(keep_busy(environment, events.to_vec(), until));
    }
    let mut all = Done::default();
    for done in busy.join_all().await {
        let Done { requests, cpu, resident } = done?;
        all = Done { requests: all.requests + requests, cpu: all.cpu + cpu, resident: all.resident + resident };
    }
    Ok(all)
}

async fn keep_busy(mut environment: Environment, events: Vec<String>, until: Instant) -> anyhow::Result<Done> {
    let (before, mut requests) = (environment.usage()?.cpu, 0);
    for event in events.iter().cycle() {
        if Instant::now() > until {
            break;
        }
        environment.invoke(event.clone()).await.answer?;
        requests += 1;
    }
    let usage = environment.usage()?;
    environment.stop().await;
    Ok(Done { requests, cpu: usage.cpu.saturating_sub(before), resident: usage.resident })
}
