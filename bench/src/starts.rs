use std::time::Duration;

use anyhow::Context as _;
use brevet_tests::runtime_api::Environment;

use crate::contender::Contender;

/// One start says little of the next.
const STARTS: usize = 5;

/// Cold starts of one function, in milliseconds: to its first request for an event, that event, and both.
#[derive(Debug, Default)]
pub(crate) struct Starts {
    pub(crate) inits: Vec<f64>,
    pub(crate) firsts: Vec<f64>,
    pub(crate) both: Vec<f64>,
}

impl Starts {
    /// Starts the function as often as a round has it; the last environment stays.
    pub(crate) async fn start_often(&mut self, contender: &Contender, event: &str) -> anyhow::Result<Environment> {
        for _ in 1..STARTS {
            self.start(contender, event).await?.stop().await;
        }
        self.start(contender, event).await
    }

    async fn start(&mut self, contender: &Contender, event: &str) -> anyhow::Result<Environment> {
        let mut environment = contender.bootstrap.start().await.with_context(|| contender.title)?;
        let invocation = environment.invoke(event.to_owned()).await;
        let (init, first) = (environment.init_duration(), invocation.duration);
        contender.check(invocation)?;
        self.inits.push(milliseconds(init));
        self.firsts.push(milliseconds(first));
        self.both.push(milliseconds(init + first));
        Ok(environment)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
