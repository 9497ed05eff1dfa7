use serde::{Deserialize, Serialize};

/// Some lines in one picture, drawn by `make pictures`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Chart {
    /// Part of the picture's name.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) across: String,
    pub(crate) upward: String,
    /// What one would expect, and why what was found is as it is.
    pub(crate) explained: String,
    pub(crate) curves: Vec<Curve>,
}

/// How something grows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Less than this over the whole range is no growth, but noise or something fixed.
const LITTLE: f64 = 1.25;

impl Chart {
    pub(crate) fn new(name: &str, title: &str, across: &str, upward: &str, explained: &str) -> Self {
        let own = str::to_owned;
        let (name, title, across) = (own(name), own(title), own(across));
        Self { name, title, across, upward: own(upward), explained: own(explained), curves: Vec::new() }
    }

    /// Adds a point to the line of that name.
    pub(crate) fn put(&mut self, curve: &str, across: f64, upward: f64) {
        let upward = format!("{upward:.3e}").parse().unwrap_or(upward);
        match self.curves.iter_mut().find(|known| known.name == curve) {
            Some(known) => known.points.push((across, upward)),
            None => self.curves.push(Curve { name: curve.to_owned(), points: vec![(across, upward)] }),
        }
    }
}

impl Curve {
    /// The value at a point, if it was measured.
    pub(crate) fn at(&self, across: f64) -> Option<f64> {
        self.points.iter().find(|(x, _)| *x == across).map(|(_, y)| *y)
    }

    /// The power with which what is added grows between the middle of the range and its end: 1 is linear, 2 quadratic.
    /// `None` where next to nothing is added. A size that took longer than a larger one did so for other reasons, and is
    /// passed over.
    pub(crate) fn power(&self) -> Option<f64> {
        let is_peak = |(x, y): &(f64, f64)| self.points.iter().any(|(later, less)| later > x && less < y);
        let sound: Vec<_> = self.points.iter().filter(|point| !is_peak(point)).collect();
        let ((first_x, first_y), (last_x, last_y)) = (sound.first()?, sound.last()?);
        let inner = sound.get(1..sound.len().checked_sub(1)?)?;
        let (middle_x, middle_y) = inner.iter().rev().find(|(x, _)| *x <= last_x / 2.0)?;
        if *last_y < first_y * LITTLE || middle_y <= first_y {
            return None;
        }
        Some(((last_y - first_y) / (middle_y - first_y)).ln() / ((last_x - first_x) / (middle_x - first_x)).ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn power(grow: impl Fn(f64) -> f64) -> Option<f64> {
        let mut chart = Chart::new("", "", "", "", "");
        [1.0, 10.0, 100.0, 1_000.0].into_iter().for_each(|across| chart.put("any", across, grow(across)));
        chart.curves[0].power()
    }

    #[test]
    fn takes_no_notice_of_a_peak() {
        let linear = |n: f64| 500.0 + 3.0 * n;
        let found = power(|n| if n == 100.0 { 90_000.0 } else { linear(n) });
        assert!(found.is_some_and(|found| (found - 1.0).abs() < 0.1), "{found:?}");
    }

    #[test]
    fn tells_the_order_of_what_is_added_to_what_was_there_before() {
        let near = |found: Option<f64>, wanted: f64| (found.unwrap() - wanted).abs() < 0.1;
        assert!(near(power(|n| 500.0 + 3.0 * n), 1.0));
        assert!(near(power(|n| 80.0 + n * n), 2.0));
        assert_eq!(power(|n| 300.0 + n / 100.0), None, "a tenth of it is no growth");
        assert_eq!(power(|_| 7.0), None);
    }
}
