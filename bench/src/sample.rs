use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use brevet_tests::runtime_api::Environment;

use crate::contender::Contender;
use crate::starts::Starts;
use crate::stream::Stream;
use crate::summary::percentile;
use crate::world::World;

/// The figures of one environment, from its start to its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample(pub(crate) BTreeMap<String, f64>);

/// So many invocations after the first are not counted: allocators and interpreters settle.
const SETTLING: usize = 100;

impl Sample {
    /// Starts the function a few times with one request each. The last environment is given the first token again and
    /// again, then every other token once.
    pub(crate) async fn take(contender: &Contender, stream: &Stream, world: &World) -> anyhow::Result<Self> {
        let mut taken = Self::default();
        let (first, others) = stream.events.split_first().context("the stream has events")?;
        let mut starts = Starts::default();
        let mut environment = starts.start_often(contender, first).await?;
        for (name, mut milliseconds) in
            [("init_ms", starts.inits), ("first_ms", starts.firsts), ("init_and_first_ms", starts.both)]
        {
            taken.put(name, percentile(&mut milliseconds, 50.0));
        }
        taken.put("memory_first_mb", megabytes(environment.usage()?.peak));

        for _ in 0..SETTLING {
            contender.check(environment.invoke(first.clone()).await)?;
        }
        let again_and_again: Vec<&String> = std::iter::repeat_n(first, contender.warm).collect();
        taken.stream("repeated", &again_and_again, contender, &mut environment, world).await?;
        let each_once: Vec<&String> = others.iter().take(contender.warm).collect();
        taken.stream("distinct", &each_once, contender, &mut environment, world).await?;
        taken.put("memory_peak_mb", megabytes(environment.usage()?.peak));
        environment.stop().await;
        Ok(taken)
    }

    async fn stream(
        &mut self,
        kind: &str,
        events: &[&String],
        contender: &Contender,
        environment: &mut Environment,
        world: &World,
    ) -> anyhow::Result<()> {
        let (calls, fetches, cpu) = (world.aws.total_calls(), world.gitlab.counts().key_sets, environment.usage()?.cpu);
        let mut durations = Vec::with_capacity(events.len());
        for event in events {
            let invocation = environment.invoke((*event).clone()).await;
            durations.push(microseconds(invocation.duration));
            contender.check(invocation)?;
        }
        let each = |total: f64| total / events.len().max(1) as f64;
        self.put(&format!("{kind}_cpu_us"), each(microseconds(environment.usage()?.cpu.saturating_sub(cpu))));
        self.put(&format!("{kind}_p50_us"), percentile(&mut durations, 50.0));
        self.put(&format!("{kind}_p99_us"), percentile(&mut durations, 99.0));
        self.put(&format!("{kind}_aws_calls"), each((world.aws.total_calls() - calls) as f64));
        self.put(&format!("{kind}_key_fetches"), (world.gitlab.counts().key_sets - fetches) as f64);
        Ok(())
    }

    fn put(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), value);
    }
}

fn microseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
