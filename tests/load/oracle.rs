use std::time::{Duration, Instant};

use crate::expected::{Expected, Proof, Reach};

/// After a change at the GitLab, the time within which every environment must have followed: the cool-down between two
/// fetches of the keys, and some for a busy machine.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(45);

/// The GitLab's side of the story.
#[derive(Clone, Debug)]
pub(crate) struct History {
    /// The number of the key it signs with and publishes.
    pub(crate) generation: usize,
    pub(crate) down: bool,
    /// When it last changed its key or came back.
    pub(crate) changed_at: Option<Instant>,
}

/// What must be so of one environment, from what it has answered so far.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge {
    /// The key at its start: an older one was never published in its life.
    born: usize,
    /// The newest key it has shown to have. Sets are replaced as a whole, so it has no older one.
    shown: Option<usize>,
}

/// What is wrong at this moment, and certain to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The table, and the code it is answered with.
    Rows(&'static str),
    /// STS, likewise.
    Sts(&'static str),
}

/// One answer, as seen from outside.
#[derive(Clone, Debug)]
pub(crate) struct Observed<'a> {
    pub(crate) code: &'a str,
    /// So slow that the function may have run out of time.
    pub(crate) slow: bool,
    pub(crate) sent_at: Instant,
    /// When this environment last reported a fetch of keys that failed.
    pub(crate) fetch_failed_at: Option<Instant>,
}

impl Knowledge {
    pub(crate) fn at_start(history: &History) -> Self {
        Self { born: history.generation, shown: None }
    }

    /// Holds an answer against what was expected, and learns from it. The error is what would have been right.
    pub(crate) fn judge(
        &mut self,
        expected: &Expected,
        observed: &Observed<'_>,
        history: &History,
        trouble: Trouble,
    ) -> Result<(), Vec<&'static str>> {
        let accepted = code_once_verified(expected, trouble);
        let mut right = match expected.proof {
            Proof::Nothing => vec![expected.code],
            Proof::Forged => vec!["token_invalid"],
            Proof::Signed(generation) => self.codes_of_signed(generation, accepted, observed, history),
        };
        let keys_may_lack = expected.proof != Proof::Nothing && !self.surely_has(expected.proof, history);
        if keys_may_lack && observed.follows(observed.fetch_failed_at) {
            right.extend(["keys_unavailable", "token_invalid"]);
        }
        if observed.slow && expected.proof != Proof::Nothing {
            right.extend(["keys_unavailable", "mappings_unavailable", "sts_unavailable"]);
        }
        if !right.contains(&observed.code) {
            return Err(right);
        }
        if let Proof::Signed(generation) = expected.proof
            && observed.code == accepted
            && accepted != "token_invalid"
        {
            self.shown = Some(generation);
        }
        Ok(())
    }

    /// Whether it has shown to have the key that is published now.
    pub(crate) fn is_certain_of(&self, history: &History) -> bool {
        self.shown == Some(history.generation)
    }

    /// The newest key, shown before, is not lost.
    fn surely_has(&self, proof: Proof, history: &History) -> bool {
        proof == Proof::Signed(history.generation) && self.shown == Some(history.generation)
    }

    fn codes_of_signed(
        &self,
        generation: usize,
        accepted: &'static str,
        observed: &Observed<'_>,
        history: &History,
    ) -> Vec<&'static str> {
        let is_current = generation == history.generation;
        let settled =
            !history.down && !observed.follows(history.changed_at) && !observed.follows(observed.fetch_failed_at);
        if generation < self.shown.unwrap_or(self.born) {
            // It had left the key set before this environment last read that.
            vec!["token_invalid"]
        } else if is_current
            && (settled || self.born == generation || self.surely_has(Proof::Signed(generation), history))
        {
            vec![accepted]
        } else if settled {
            vec!["token_invalid"]
        } else {
            vec!["token_invalid", accepted]
        }
    }
}

impl Observed<'_> {
    /// Whether the request was sent so soon after a change that not everybody need know of it.
    fn follows(&self, change: Option<Instant>) -> bool {
        change.is_some_and(|at| self.sent_at.saturating_duration_since(at) < FOLLOWS_WITHIN)
    }
}

/// The code when the signature is accepted.
fn code_once_verified(expected: &Expected, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Rows(code) if expected.reach >= Reach::Rows => code,
        Trouble::Sts(code) if expected.reach == Reach::Sts => code,
        _ => expected.code,
    }
}

#[cfg(test)]
mod tests;
