use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::options::Options;
use crate::run::Run;

const EVERY: Duration = Duration::from_secs(5);

/// A line on standard error every few seconds, so that nobody wonders whether it still runs.
#[derive(Debug)]
pub(crate) struct Progress {
    requests: usize,
    started: Instant,
    told: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(options: &Options) -> Self {
        Self { requests: options.requests, started: Instant::now(), told: None }
    }

    pub(crate) fn tell(&mut self, sent: usize, run: &Run) {
        if self.told.is_some_and(|at| at.elapsed() < EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        let elapsed = self.started.elapsed().as_secs_f64();
        let (rate, tally) = (sent as f64 / elapsed.max(0.001), &run.tally);
        let gitlab = if run.history.down { "down" } else { "up" };
        let line = format!(
            "{sent} of {} requests, {rate:.0} a second, key {} ({gitlab}), {} races, {} wrong",
            self.requests,
            run.history.generation + 1,
            tally.races,
            tally.wrong
        );
        let end = if io::stderr().is_terminal() { "\x1b[K\r" } else { "\n" };
        // Nobody need be there to read it.
        let _ = write!(io::stderr(), "{line}{end}");
    }
}
