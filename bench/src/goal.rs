use serde::{Deserialize, Serialize};

use crate::contest::{Round, Rounds};
use crate::summary::Summary;

/// Something that was promised, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Goal {
    pub(crate) goal: String,
    pub(crate) limit: f64,
    pub(crate) is_least: bool,
    pub(crate) found: Summary,
}

/// Goals that are looked at in the same rounds.
#[derive(Debug)]
pub(crate) struct Goals<'a> {
    rounds: &'a Rounds,
    pub(crate) all: Vec<Goal>,
}

impl<'a> Goals<'a> {
    pub(crate) fn of(rounds: &'a Rounds) -> Self {
        Self { rounds, all: Vec::new() }
    }

    /// No more than this. A figure that was not taken is no goal.
    pub(crate) fn at_most(&mut self, limit: f64, goal: &str, figure: impl Fn(&Round) -> Option<f64>) {
        self.add(limit, false, goal, figure);
    }

    /// No less than this.
    pub(crate) fn at_least(&mut self, limit: f64, goal: &str, figure: impl Fn(&Round) -> Option<f64>) {
        self.add(limit, true, goal, figure);
    }

    fn add(&mut self, limit: f64, is_least: bool, goal: &str, figure: impl Fn(&Round) -> Option<f64>) {
        let found = self.rounds.summary(figure);
        self.all.extend(found.map(|found| Goal { goal: goal.to_owned(), limit, is_least, found }));
    }
}

impl Goal {
    /// The median decides.
    pub(crate) fn is_met(&self) -> bool {
        if self.is_least { self.found.median >= self.limit } else { self.found.median <= self.limit }
    }
}
