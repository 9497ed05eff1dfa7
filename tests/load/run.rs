use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use brevet_tests::aws::Fault;
use tokio::task::JoinSet;

use crate::memory::MemoryCourse;
use crate::mix::{Function, Mix, Request};
use crate::options::Options;
use crate::oracle::{History, Observed, Trouble};
use crate::progress::Progress;
use crate::schedule::{Step, schedule};
use crate::subject::{Answered, Subject};
use crate::tally::Tally;
use crate::token::Pool;
use crate::world::World;

/// Requests that an environment gets between two looks at everything.
const CHUNK: usize = 64;

/// The same while something fails: each such answer takes long, because the functions try again.
const TROUBLED_CHUNK: usize = 4;

/// Tokens older than this are signed anew, long before they are too old for the functions.
const POOL_LIFETIME: Duration = Duration::from_secs(1_200);

/// Keys of the past of which tokens are still sent.
const POOLS: usize = 3;

/// The functions under load, and everything around them.
pub(crate) struct Run {
    pub(crate) options: Options,
    pub(crate) world: World,
    pub(crate) history: History,
    pub(crate) mix: Mix,
    pub(crate) pools: Vec<Pool>,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) tally: Tally,
    pub(crate) trouble: Trouble,
}

impl Run {
    pub(crate) async fn start(options: Options) -> anyhow::Result<Self> {
        let world = World::start().await;
        let history = History { generation: 0, down: false, changed_at: None };
        let mix = Mix::new(options.seed)?;
        let (tally, trouble) = (Tally::default(), Trouble::None);
        let mut run = Self { options, world, history, mix, pools: Vec::new(), subjects: Vec::new(), tally, trouble };
        run.sign_pool();
        for function in [Function::Credentials, Function::Authorizer] {
            for _ in 0..run.options.environments {
                run.start_subject(function).await?;
            }
        }
        Ok(run)
    }

    /// Sends everything, and ends every environment.
    pub(crate) async fn finish(mut self) -> anyhow::Result<(Self, Duration)> {
        let started = Instant::now();
        let chunks = self.options.requests.div_ceil(CHUNK * self.subjects.len()).max(1);
        let steps = schedule(chunks, self.options.rotations);
        let mut progress = Progress::new(&self.options);
        let mut sent = 0;
        for chunk in 0.. {
            for (_, step) in steps.iter().filter(|(at, _)| *at == chunk) {
                self.step(*step).await?;
            }
            let missing = self.options.requests.saturating_sub(sent);
            if missing == 0 {
                break;
            }
            sent += self.chunk(chunk, missing).await?;
            self.race(sent).await?;
            self.time_pairs(sent).await?;
            progress.tell(sent, &self);
        }
        for subject in std::mem::take(&mut self.subjects) {
            self.retire(subject);
        }
        Ok((self, started.elapsed()))
    }

    /// A few requests for each environment, all environments at once, and every answer judged.
    async fn chunk(&mut self, chunk: usize, missing: usize) -> anyhow::Result<usize> {
        self.freshen_pool();
        self.start_trouble(chunk);
        let only_strangers = chunk % 20 == 11;
        let each = if self.trouble == Trouble::None { CHUNK } else { TROUBLED_CHUNK };
        let mut left = missing;
        let mut work = Vec::new();
        for subject in &self.subjects {
            let count = each.min(left);
            left -= count;
            let requests: anyhow::Result<Vec<Request>> =
                (0..count).map(|_| self.mix.next(subject.function, &self.pools, only_strangers)).collect();
            work.push(requests?);
        }
        let calls = self.world.aws.total_calls();
        let answered = self.send(work).await?;
        if only_strangers {
            self.tally.strangers += missing - left;
            let calls = self.world.aws.total_calls() - calls;
            if calls > 0 {
                self.tally.wrong(format!("strangers caused {calls} calls to AWS"));
            }
        }
        self.judge(answered).await;
        self.end_trouble();
        for subject in &mut self.subjects {
            subject.sample_memory()?;
        }
        Ok(missing - left)
    }

    /// Gives each environment its requests; the answers are in the order of the environments.
    pub(crate) async fn send(&mut self, work: Vec<Vec<Request>>) -> anyhow::Result<Vec<Vec<Answered>>> {
        let mut tasks = JoinSet::new();
        for (index, (subject, requests)) in std::mem::take(&mut self.subjects).into_iter().zip(work).enumerate() {
            tasks.spawn(async move { (index, subject.work(requests).await) });
        }
        let mut done = tasks.join_all().await;
        done.sort_by_key(|(index, _)| *index);
        let (subjects, answered) = done.into_iter().map(|(_, each)| each).unzip();
        self.subjects = subjects;
        Ok(answered)
    }

    pub(crate) async fn judge(&mut self, answered: Vec<Vec<Answered>>) {
        let Self { subjects, tally, history, trouble, .. } = self;
        for (subject, answered) in subjects.iter_mut().zip(answered) {
            let audited = subject.audited(&answered, tally).await;
            tally.count(subject.function, &audited, &answered);
            for each in &answered {
                let Some(code) = audited.get(&each.request.id) else { continue };
                let observed = Observed {
                    code,
                    slow: each.is_slow(),
                    sent_at: each.sent_at,
                    fetch_failed_at: subject.watch.fetch_failed_at(),
                };
                if let Err(right) = subject.knowledge.judge(&each.request.expected, &observed, history, *trouble) {
                    let (id, expected) = (&each.request.id, &each.request.expected);
                    tally.wrong(format!("{id}: `{code}` where one of {right:?} is right: {expected:?}, {each:?}"));
                }
            }
            for line in subject.watch.take_telling() {
                tally.wrong(format!("a line of {} tells too much: {line}", subject.function.name()));
            }
        }
    }

    async fn step(&mut self, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Rotate => {
                self.world.gitlab.instance().rotate().context("memory can be written")?;
                self.history.generation += 1;
                self.history.changed_at = Some(Instant::now());
                self.tally.rotations += 1;
                self.sign_pool();
            }
            Step::Down(outage) => {
                self.world.gitlab.set_outage(outage);
                self.history.down = true;
                self.tally.outages += 1;
            }
            Step::Up => {
                self.world.gitlab.set_outage(brevet_tests::gitlab::Outage::Up);
                self.history.down = false;
                self.history.changed_at = Some(Instant::now());
            }
            Step::Replace => self.replace().await?,
        }
        Ok(())
    }

    /// The first environment of each function stays for the whole run, so that its memory can be judged.
    async fn replace(&mut self) -> anyhow::Result<()> {
        for function in [Function::Credentials, Function::Authorizer] {
            let mut of_function = self.subjects.iter().enumerate().filter(|(_, subject)| subject.function == function);
            if let Some((index, _)) = of_function.nth(1) {
                let old = self.subjects.remove(index);
                self.retire(old);
                self.start_subject(function).await?;
                self.tally.replaced += 1;
            }
        }
        Ok(())
    }

    async fn start_subject(&mut self, function: Function) -> anyhow::Result<()> {
        let subject = Subject::start(function, &self.options.functions, &self.world, &self.history).await?;
        self.subjects.push(subject);
        Ok(())
    }

    /// Ends an environment and takes over what it counted.
    fn retire(&mut self, subject: Subject) {
        self.tally.lines += subject.watch.lines();
        self.tally.fetches_allowed += fetches_allowed(subject.started_at.elapsed());
        self.tally.memory.push(MemoryCourse::of(&subject));
    }

    fn sign_pool(&mut self) {
        let size = (self.options.requests / 100).clamp(16, 2_500);
        self.pools.push(Pool::sign(&self.world.gitlab, self.history.generation, size));
        if self.pools.len() > POOLS {
            self.pools.remove(0);
        }
    }

    fn freshen_pool(&mut self) {
        self.pools.retain(|pool| pool.generation == self.history.generation || pool.age() < 2 * POOL_LIFETIME);
        if self.pools.last().is_some_and(|pool| pool.age() > POOL_LIFETIME) {
            self.pools.pop();
            self.sign_pool();
        }
    }

    /// Now and then a service fails for a few requests, each time in another way.
    fn start_trouble(&mut self, chunk: usize) {
        let aws = &self.world.aws;
        let rows = |fault: Fault, code| {
            for operation in ["BatchGetItem", "Query"] {
                aws.fail(operation, fault.clone());
            }
            Trouble::Rows(code)
        };
        let sts = |fault, code| {
            aws.fail("AssumeRole", fault);
            Trouble::Sts(code)
        };
        self.trouble = match chunk % 200 {
            25 => rows(Fault::Throttle, "mappings_unavailable"),
            50 => sts(Fault::Throttle, "throttled"),
            75 => rows(Fault::Internal, "mappings_unavailable"),
            100 => sts(Fault::Internal, "sts_unavailable"),
            125 => rows(Fault::Garbage, "mappings_unavailable"),
            150 => sts(Fault::Garbage, "sts_unavailable"),
            175 => rows(Fault::Unprocessed, "mappings_unavailable"),
            _ => Trouble::None,
        };
        self.tally.troubles += usize::from(self.trouble != Trouble::None);
    }

    fn end_trouble(&mut self) {
        self.world.aws.mend();
        self.trouble = Trouble::None;
    }
}

/// One at the start, and another each time the cool-down of 30 s is over; times are whole seconds to the functions.
fn fetches_allowed(lifetime: Duration) -> u64 {
    1 + (lifetime.as_secs() + 1) / 30
}

impl Subject {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_may_fetch_at_its_start_and_then_every_thirty_seconds() {
        for (seconds, allowed) in [(0, 1), (28, 1), (30, 2), (300, 11)] {
            assert_eq!(fetches_allowed(Duration::from_secs(seconds)), allowed, "{seconds}");
        }
    }
}
