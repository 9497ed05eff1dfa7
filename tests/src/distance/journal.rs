use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What a round trip was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A TCP connection was opened.
    Connection,
    /// A turn of the TLS handshake: one with TLS 1.3, two with TLS 1.2.
    Handshake,
    /// A request was answered.
    Request,
}

/// Once there and back, as the client saw it: from its first byte to the last byte of what came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// Where to.
    pub service: &'static str,
    /// What for.
    pub kind: Kind,
    /// When the client began to wait.
    pub began: Instant,
    /// When it had everything.
    pub ended: Instant,
}

/// Every round trip so far. Clones write into the same.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Trip>>>);

impl Journal {
    /// How many round trips there were: where [`since`](Self::since) may go on later.
    pub fn len(&self) -> usize {
        self.trips().len()
    }

    /// Whether nobody came.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those after the first `seen`.
    pub fn since(&self, seen: usize) -> Trips {
        Trips(self.trips().iter().skip(seen).copied().collect())
    }

    /// Adds one, and tells its place.
    pub(super) fn add(&self, trip: Trip) -> usize {
        let mut trips = self.trips();
        trips.push(trip);
        trips.len() - 1
    }

    /// More came back on the trip of this place.
    pub(super) fn extend(&self, place: usize, ended: Instant) {
        if let Some(trip) = self.trips().get_mut(place) {
            trip.ended = ended;
        }
    }

    fn trips(&self) -> MutexGuard<'_, Vec<Trip>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Some round trips, in the order in which their answers began to arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trips(pub Vec<Trip>);

impl Trips {
    /// How many were for this.
    pub fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    /// Those for this.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Trip> {
        self.0.iter().filter(move |trip| trip.kind == kind)
    }

    /// Where requests went, in their order.
    pub fn requests(&self) -> Vec<&'static str> {
        self.of(Kind::Request).map(|trip| trip.service).collect()
    }

    /// How many were made one after another at most: what the caller waited for, however fast the machines.
    pub fn in_sequence(&self) -> usize {
        let mut trips = self.0.clone();
        trips.sort_unstable_by_key(|trip| trip.ended);
        let mut sequence: Vec<Trip> = Vec::new();
        for trip in trips {
            if sequence.last().is_none_or(|last| last.ended <= trip.began) {
                sequence.push(trip);
            }
        }
        sequence.len()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn counts_as_one_after_another_what_does_not_overlap() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let trip = |began, ended| Trip { service: "any", kind: Kind::Request, began: at(began), ended: at(ended) };
        let sequence = |trips: &[(u64, u64)]| Trips(trips.iter().map(|(began, ended)| trip(*began, *ended)).collect());
        assert_eq!(sequence(&[]).in_sequence(), 0);
        assert_eq!(sequence(&[(0, 20), (5, 25), (10, 30)]).in_sequence(), 1);
        assert_eq!(sequence(&[(0, 20), (20, 40), (41, 61)]).in_sequence(), 3);
        assert_eq!(sequence(&[(0, 100), (1, 20), (21, 40), (90, 110)]).in_sequence(), 3);
    }
}
