use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::mix::{Function, Mix, Request};
use crate::options::Options;
use crate::oracle::{History, Observed, Trouble};
use crate::progress::Progress;
use crate::schedule::schedule;
use crate::subject::{Answered, Subject};
use crate::tally::Tally;
use crate::token::Pool;
use crate::world::World;

/// Requests that an environment gets between two looks at everything.
const CHUNK: usize = 64;

/// The same while something fails: each such answer takes long, because the functions try again.
const TROUBLED_CHUNK: usize = 4;

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
}
