use serde::{Deserialize, Serialize};

use crate::contender::Contender;
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

    /// What is uploaded is small enough to be fetched at once. The same in every round.
    pub(crate) fn zip_size(&mut self, contenders: &[Contender], name: &str) -> anyhow::Result<()> {
        for contender in contenders.iter().filter(|contender| contender.name == name) {
            let megabytes = contender.package.size()?.zip_bytes as f64 / 1e6;
            self.at_most(4.0, "zip, MB (what is above is explained)", |_| Some(megabytes));
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_decides_and_the_limit_itself_is_met() {
        let found = |median| Summary { median, least: 0.0, most: 100.0 };
        let goal = |is_least, median| Goal { goal: String::new(), limit: 3.0, is_least, found: found(median) };
        let met = [(false, 2.9), (false, 3.0), (false, 3.1), (true, 2.9), (true, 3.0), (true, 3.1)]
            .map(|(is_least, median)| goal(is_least, median).is_met());
        assert_eq!(met, [true, true, false, false, true, true]);
    }

    #[test]
    fn a_figure_that_was_not_taken_is_no_goal() {
        let rounds = Rounds(vec![Round::default()]);
        let mut goals = Goals::of(&rounds);
        goals.at_most(1.0, "of nobody", |round| round.get("nobody", "init_ms"));
        goals.at_least(1.0, "of everybody", |_| Some(2.0));
        assert_eq!(goals.all.iter().map(|goal| goal.goal.as_str()).collect::<Vec<_>>(), ["of everybody"]);
    }
}
