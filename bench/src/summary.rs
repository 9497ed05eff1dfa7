use serde::{Deserialize, Serialize};

/// One number of every round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Summary {
    /// Nothing is known of no rounds.
    pub(crate) fn of(rounds: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut rounds: Vec<f64> = rounds.into_iter().collect();
        if rounds.is_empty() {
            return None;
        }
        let at = |percent, rounds: &mut Vec<f64>| round(percentile(rounds, percent));
        Some(Self { median: at(50.0, &mut rounds), least: at(0.0, &mut rounds), most: at(100.0, &mut rounds) })
    }
}

/// The nearest rank; 0 for no values.
pub(crate) fn percentile(values: &mut [f64], percent: f64) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    values.get((last * percent / 100.0).round() as usize).copied().unwrap_or_default()
}

/// Three significant digits are more than any of these figures has.
fn round(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let mut values = [4.0, 1.0, 3.0, 2.0, 5.0];
        assert_eq!([0.0, 50.0, 99.0, 100.0].map(|percent| percentile(&mut values, percent)), [1.0, 3.0, 5.0, 5.0]);
        assert_eq!(percentile(&mut [], 50.0), 0.0);
    }

    #[test]
    fn nothing_is_known_of_no_rounds() {
        assert_eq!(Summary::of([]), None);
        assert_eq!(Summary::of([2.0, 1.0, 6.0]), Some(Summary { median: 2.0, least: 1.0, most: 6.0 }));
    }
}
