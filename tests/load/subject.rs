use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use brevet_tests::runtime_api::{Bootstrap, Environment};

use crate::answer::Verdict;
use crate::mix::{Function, Request};
use crate::oracle::{History, Knowledge};
use crate::tally::Tally;
use crate::watch::Watch;
use crate::world::World;

const SLOW: Duration = Duration::from_millis(900);

/// One environment under load, with what is known of it.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) function: Function,
    pub(crate) knowledge: Knowledge,
    pub(crate) watch: Arc<Watch>,
    pub(crate) started_at: Instant,
    /// Its memory now and then, in bytes.
    pub(crate) memory: Vec<u64>,
    pub(crate) answered: usize,
    environment: Environment,
}

/// A request with what came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) request: Request,
    pub(crate) verdict: Verdict,
    pub(crate) duration: Duration,
    pub(crate) sent_at: Instant,
}

impl Subject {
    pub(crate) async fn start(
        function: Function,
        folder: &Path,
        world: &World,
        history: &History,
    ) -> anyhow::Result<Self> {
        let program = folder.join(function.name()).join("bootstrap");
        let watch = Arc::new(Watch::default());
        let reader = Arc::clone(&watch);
        let mut bootstrap = Bootstrap::new(&program).name(function.name()).on_line(move |line| reader.read(&line));
        for (name, value) in world.variables() {
            bootstrap = bootstrap.variable(name, value);
        }
        let started_at = Instant::now();
        let environment = bootstrap.start().await;
        let environment =
            environment.with_context(|| format!("build `{}` with `make build-local`", program.display()))?;
        let knowledge = Knowledge::at_start(history);
        Ok(Self { function, knowledge, watch, started_at, memory: Vec::new(), answered: 0, environment })
    }

    /// Sends the requests one after the other, as Lambda does to one environment.
    pub(crate) async fn work(mut self, requests: Vec<Request>) -> (Self, Vec<Answered>) {
        let mut answered = Vec::with_capacity(requests.len());
        for request in requests {
            answered.push(self.send(request).await);
        }
        (self, answered)
    }

    pub(crate) async fn send(&mut self, request: Request) -> Answered {
        let sent_at = Instant::now();
        let invocation = self.environment.invoke(request.event.clone()).await;
        self.answered += 1;
        let verdict = Verdict::of(self.function, &request, invocation.answer);
        Answered { request, verdict, duration: invocation.duration, sent_at }
    }

    /// The code that was audited for each request: one line each, and no other than the answer's.
    pub(crate) async fn audited(&self, answered: &[Answered], tally: &mut Tally) -> HashMap<String, String> {
        let ids = answered.iter().map(|each| each.request.id.as_str());
        let mut lines = self.watch.audited(ids).await;
        let mut codes = HashMap::new();
        for each in answered {
            let id = &each.request.id;
            let audited = lines.remove(id).unwrap_or_default();
            match audited.as_slice() {
                [code] if each.verdict.agrees_with(code) => {
                    codes.insert(id.clone(), code.clone());
                }
                _ => tally.wrong(format!("{id}: answered {:?}, audited {audited:?}", each.verdict)),
            }
        }
        for (id, codes) in lines {
            tally.wrong(format!("{id}: audited {codes:?} once more, or without a request"));
        }
        codes
    }
    pub(crate) fn sample_memory(&mut self) -> anyhow::Result<()> {
        self.memory.push(self.environment.usage().context("an environment is gone")?.resident);
        Ok(())
    }
}

impl Answered {
    /// So slow that "cannot tell" is an honest answer: something stood still, and the budget of 1.6 s may be spent.
    pub(crate) fn is_slow(&self) -> bool {
        self.duration > SLOW
    }
}

impl Function {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Authorizer => "authorizer",
        }
    }
}
