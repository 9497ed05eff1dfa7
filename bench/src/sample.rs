use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::contender::Contender;
use crate::stream::Stream;
use crate::summary::percentile;
use crate::world::World;

/// What one environment did, from its start to its end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sample(pub(crate) BTreeMap<String, f64>);

/// So many invocations are not counted after the first: allocators and interpreters settle.
const SETTLING: usize = 50;

impl Sample {
    /// Starts the function, and gives it the first token once, then again and again, then every other token once.
    pub(crate) async fn take(contender: &Contender, stream: &Stream, world: &World) -> anyhow::Result<Self> {
        let mut taken = Self::default();
        let mut environment = contender.bootstrap.start().await.with_context(|| contender.title)?;
        taken.put("init_ms", milliseconds(environment.init_duration()));
        let [first, repeated @ .., _] = stream.events.as_slice() else { anyhow::bail!("the stream is too short") };

        let invocation = environment.invoke(first.clone()).await;
        taken.put("first_ms", milliseconds(invocation.duration));
        taken.put("init_and_first_ms", milliseconds(environment.init_duration() + invocation.duration));
        contender.check(invocation)?;
        taken.put("memory_first_mb", megabytes(environment.usage()?.peak));

        for _ in 0..SETTLING {
            contender.check(environment.invoke(first.clone()).await)?;
        }
        for (kind, events) in [
            ("repeated", Vec::from_iter(std::iter::repeat_n(first, contender.warm))),
            ("distinct", repeated.iter().take(contender.warm).collect()),
        ] {
            let (calls, keys, cpu) =
                (world.aws.total_calls(), world.gitlab.counts().key_sets, environment.usage()?.cpu);
            let mut durations = Vec::with_capacity(events.len());
            for event in &events {
                let invocation = environment.invoke((*event).clone()).await;
                durations.push(microseconds(invocation.duration));
                contender.check(invocation)?;
            }
            let each = |total: f64| total / events.len().max(1) as f64;
            taken.put(&format!("{kind}_cpu_us"), each(microseconds(environment.usage()?.cpu.saturating_sub(cpu))));
            taken.put(&format!("{kind}_p50_us"), percentile(&mut durations, 50.0));
            taken.put(&format!("{kind}_p99_us"), percentile(&mut durations, 99.0));
            taken.put(&format!("{kind}_aws_calls"), each((world.aws.total_calls() - calls) as f64));
            taken.put(&format!("{kind}_key_fetches"), (world.gitlab.counts().key_sets - keys) as f64);
        }
        taken.put("memory_peak_mb", megabytes(environment.usage()?.peak));
        environment.stop().await;
        Ok(taken)
    }

    fn put(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), value);
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

pub(crate) fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
