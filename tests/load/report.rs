use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use crate::memory::{KEPT_OF_TRACE_IDS, MAY_GROW_BY, MemoryCourse};
use crate::mix::Function;
use crate::pairs::PAIRS;
use crate::run::Run;
use crate::statistics::{Comparison, Times};

/// What a run has shown.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) seed: u64,
    pub(crate) profile: String,
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    pub(crate) answers: Vec<Answers>,
    pub(crate) wrong: usize,
    pub(crate) examples: Vec<String>,
    pub(crate) rotations: usize,
    pub(crate) outages: usize,
    pub(crate) replaced: usize,
    pub(crate) troubles: usize,
    pub(crate) races: usize,
    pub(crate) decided_races: usize,
    pub(crate) strangers_without_a_call: usize,
    pub(crate) log_lines: u64,
    pub(crate) key_fetches: u64,
    pub(crate) key_fetches_allowed: u64,
    pub(crate) memory: Vec<MemoryCourse>,
    pub(crate) comparisons: Vec<Comparison>,
    /// Every sentence that makes the run a failure.
    pub(crate) faults: Vec<String>,
}

/// How often a code was given, and how fast.
#[derive(Debug, Serialize)]
pub(crate) struct Answers {
    pub(crate) function: Function,
    pub(crate) code: String,
    #[serde(flatten)]
    pub(crate) times: Times,
}

impl Report {
    pub(crate) fn of(run: Run, took: Duration) -> Self {
        let (tally, counts) = (run.tally, run.world.gitlab.counts());
        let answers: Vec<Answers> = tally
            .answers
            .into_iter()
            .map(|((function, code), times)| Answers { function, code, times: Times::of(&times) })
            .collect();
        let comparisons =
            PAIRS.iter().zip(&tally.pairs).map(|(what, (first, second))| Comparison::of(what, first, second)).collect();
        let mut report = Self {
            seed: run.options.seed,
            profile: run.options.profile,
            requests: answers.iter().map(|answers| answers.times.count).sum(),
            seconds: took.as_secs_f64(),
            answers,
            wrong: tally.wrong,
            examples: tally.examples,
            rotations: tally.rotations,
            outages: tally.outages,
            replaced: tally.replaced,
            troubles: tally.troubles,
            races: tally.races,
            decided_races: tally.decided_races,
            strangers_without_a_call: tally.strangers,
            log_lines: tally.lines,
            key_fetches: counts.discovery.max(counts.key_sets),
            key_fetches_allowed: tally.fetches_allowed,
            memory: tally.memory,
            comparisons,
            faults: Vec::new(),
        };
        report.faults = report.find_faults();
        report
    }

    fn find_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.wrong > 0 {
            faults.push(format!("{} answers or log lines were wrong", self.wrong));
        }
        if self.key_fetches > self.key_fetches_allowed {
            let (fetches, allowed) = (self.key_fetches, self.key_fetches_allowed);
            faults.push(format!("the GitLab was asked for its keys {fetches} times; {allowed} were allowed"));
        }
        for course in self.memory.iter().filter(|course| course.has_grown()) {
            let (function, growth) = (course.function.name(), course.growth() / 1024);
            faults.push(format!("an environment of {function} grew by {growth} KiB too much after its first third"));
        }
        faults
    }

    /// The summary for people.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let rate = self.requests as f64 / self.seconds;
        writeln!(
            text,
            "{} requests in {:.0} s ({rate:.0} a second), seed {}, functions built as `{}`",
            self.requests, self.seconds, self.seed, self.profile
        )?;
        writeln!(text, "\n{:<13}{:<24}{:>9}{:>12}{:>12}", "function", "answer", "times", "median ms", "p99 ms")?;
        for Answers { function, code, times } in &self.answers {
            let (median, p99) = (milliseconds(times.median_us), milliseconds(times.p99_us));
            writeln!(text, "{:<13}{code:<24}{:>9}{median:>12}{p99:>12}", function.name(), times.count)?;
        }
        writeln!(text, "\n{:<52}{:>10}{:>10}{:>10}{:>8}", "timed in turn", "median", "median", "longer", "z")?;
        for Comparison { what, first, second, first_is_longer, deviations } in &self.comparisons {
            let (one, other) = (milliseconds(first.median_us), milliseconds(second.median_us));
            writeln!(text, "{what:<52}{one:>10}{other:>10}{first_is_longer:>10.3}{deviations:>8.2}")?;
        }
        writeln!(
            text,
            "\n{:<13}{:>9}{:>12}{:>16}{:>16}",
            "memory", "answered", "first KiB", "first third", "last third"
        )?;
        for course in &self.memory {
            let [first, warm, last] = [course.first, course.warm, course.last].map(|bytes| bytes / 1024);
            writeln!(text, "{:<13}{:>9}{first:>12}{warm:>16}{last:>16}", course.function.name(), course.answered)?;
        }
        let (fetches, allowed) = (self.key_fetches, self.key_fetches_allowed);
        writeln!(
            text,
            "\nkeys changed {} times, GitLab gone {} times, {} environments replaced",
            self.rotations, self.outages, self.replaced
        )?;
        writeln!(text, "DynamoDB or STS failing {} times", self.troubles)?;
        writeln!(
            text,
            "{} races for a token of one use, {} with exactly one winner beyond doubt",
            self.races, self.decided_races
        )?;
        writeln!(text, "{} requests of strangers alone, without a call to AWS", self.strangers_without_a_call)?;
        writeln!(text, "key sets fetched {fetches} times, {allowed} allowed; {} log lines read", self.log_lines)?;
        writeln!(
            text,
            "memory may grow by {} KiB after the first third, beside {KEPT_OF_TRACE_IDS} bytes a request",
            MAY_GROW_BY / 1024
        )?;
        for example in &self.examples {
            writeln!(text, "WRONG {example}")?;
        }
        match self.faults.as_slice() {
            [] => writeln!(text, "no wrong verdict")?,
            faults => faults.iter().try_for_each(|fault| writeln!(text, "FAILED {fault}"))?,
        }
        Ok(text)
    }
}

fn milliseconds(microseconds: u32) -> String {
    format!("{:.2}", f64::from(microseconds) / 1_000.0)
}
