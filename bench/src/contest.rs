use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::time::Instant;

use crate::bare::Bare;
use crate::contender::Contender;
use crate::sample::Sample;
use crate::stream::Stream;
use crate::summary::Summary;
use crate::world::World;

/// What is compared, on what.
#[derive(Debug)]
pub(crate) struct Contest<'a> {
    pub(crate) world: &'a World,
    pub(crate) stream: &'a Stream,
    pub(crate) contenders: &'a [Contender],
    /// The price of a signature, taken in each round as well.
    pub(crate) bare: Option<&'a Bare>,
}

/// One sample of each, taken within seconds of each other: only these are compared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Round(pub(crate) BTreeMap<&'static str, Sample>);

impl Round {
    pub(crate) fn get(&self, name: &str, metric: &str) -> Option<f64> {
        self.0.get(name)?.0.get(metric).copied()
    }

    /// How many times the one is the other.
    pub(crate) fn ratio(&self, name: &str, other: &str, metric: &str) -> Option<f64> {
        Some(self.get(name, metric)? / self.get(other, metric)?)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Rounds(pub(crate) Vec<Round>);

impl Rounds {
    /// A figure of every round.
    pub(crate) fn summary(&self, figure: impl Fn(&Round) -> Option<f64>) -> Option<Summary> {
        Summary::of(self.0.iter().filter_map(figure))
    }

    /// Every figure that was taken of this one.
    pub(crate) fn figures(&self, name: &str) -> BTreeMap<String, Summary> {
        let metrics = self.0.iter().filter_map(|round| round.0.get(name)).flat_map(|sample| sample.0.keys().cloned());
        metrics.filter_map(|metric| Some((metric.clone(), self.summary(|round| round.get(name, &metric))?))).collect()
    }
}

impl Contest<'_> {
    pub(crate) async fn run(&self, rounds: usize) -> anyhow::Result<Rounds> {
        let (started, mut done) = (Instant::now(), Vec::new());
        let mut chance = Chance::new();
        for number in 1..=rounds {
            let mut order: Vec<&Contender> = self.contenders.iter().collect();
            chance.shuffle(&mut order);
            let mut round = Round::default();
            for contender in order {
                show(number, rounds, started, contender.title);
                round.0.insert(contender.name, Sample::take(contender, self.stream, self.world).await?);
            }
            if let Some(bare) = self.bare {
                show(number, rounds, started, "a bare verification");
                round.0.insert("bare", bare.sample().await?);
            }
            done.push(round);
        }
        eprintln!();
        Ok(Rounds(done))
    }
}

/// Tells how far it is, on one line of a terminal.
pub(crate) fn show(number: usize, rounds: usize, started: Instant, what: &str) {
    let (start, end) = if std::io::stderr().is_terminal() { ("\r\x1b[K", "") } else { ("", "\n") };
    eprint!("{start}  round {number} of {rounds}, {:3.0} s: {what}{end}", started.elapsed().as_secs_f64());
    let _ = std::io::stderr().flush();
}

/// The same orders in every run (xorshift64).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            items.swap(last, (self.0 % (last as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_round_has_everybody_in_another_order() {
        let (mut chance, mut orders) = (Chance(1), [[0, 1, 2, 3, 4, 5]; 3]);
        orders.iter_mut().for_each(|order| chance.shuffle(order));
        assert!(orders[0] != orders[1] && orders[1] != orders[2]);
        orders.iter_mut().for_each(|order| order.sort_unstable());
        assert_eq!(orders, [[0, 1, 2, 3, 4, 5]; 3]);
    }

    #[test]
    fn a_multiple_is_taken_within_a_round() {
        let sample = |value| Sample([("init_ms".to_owned(), value)].into());
        let round = |one, other| Round([("one", sample(one)), ("other", sample(other))].into());
        let rounds = Rounds(vec![round(2.0, 1.0), round(30.0, 10.0), round(4.0, 1.0)]);
        let multiple = rounds.summary(|round| round.ratio("one", "other", "init_ms"));
        assert_eq!(multiple, Some(Summary { median: 3.0, least: 2.0, most: 4.0 }));
    }
}
