use serde::Serialize;

use crate::mix::Function;
use crate::subject::Subject;

/// What an environment may grow by between the end of its first third and its end, beside [`KEPT_OF_TRACE_IDS`]: a page
/// or two for every cache that is not full yet, and nothing that goes with the number of requests.
pub(crate) const MAY_GROW_BY: u64 = 4 * 1024 * 1024;

/// The runtime of Lambda sets `_X_AMZN_TRACE_ID` anew for each invocation, and glibc keeps every value that a variable
/// ever had: 80 bytes for one of our trace ids, and 32 for its place in a tree. With the same id each time nothing grows.
pub(crate) const KEPT_OF_TRACE_IDS: u64 = 112;

/// Fewer requests than this do not fill the caches.
const FILLS_CACHES: usize = 60_000;

/// The memory of one environment, in bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct MemoryCourse {
    pub(crate) function: Function,
    /// How many requests it has answered.
    pub(crate) answered: usize,
    /// After its first requests.
    pub(crate) first: u64,
    /// The most in its first third.
    pub(crate) warm: u64,
    /// The most in its last third.
    pub(crate) last: u64,
}

impl MemoryCourse {
    pub(crate) fn of(subject: &Subject) -> Self {
        let samples = &subject.memory;
        let third = samples.len() / 3;
        let most =
            |samples: Option<&[u64]>| samples.and_then(|samples| samples.iter().max()).copied().unwrap_or_default();
        Self {
            function: subject.function,
            answered: subject.answered,
            first: samples.first().copied().unwrap_or_default(),
            warm: most(samples.get(..third)),
            last: most(samples.get(samples.len() - third..)),
        }
    }

    /// What it has grown by since its first third, without what glibc keeps.
    pub(crate) fn growth(&self) -> u64 {
        let since = self.answered as u64 * 2 / 3;
        self.last.saturating_sub(self.warm + since * KEPT_OF_TRACE_IDS)
    }

    /// Judged only of an environment that has answered enough.
    pub(crate) fn has_grown(&self) -> bool {
        self.answered > FILLS_CACHES && self.growth() > MAY_GROW_BY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment that has answered 300,000 requests and grew by so much since the first third.
    fn grown_by(bytes: u64) -> MemoryCourse {
        let warm = 20_000_000;
        MemoryCourse { function: Function::Credentials, answered: 300_000, first: warm, warm, last: warm + bytes }
    }

    #[test]
    fn notices_what_is_kept_of_each_request_beside_the_trace_id() {
        let kept = 200_000 * KEPT_OF_TRACE_IDS;
        assert!(!grown_by(0).has_grown() && !grown_by(kept + MAY_GROW_BY).has_grown());
        assert!(grown_by(kept + MAY_GROW_BY + 1).has_grown());
        assert!(grown_by(200_000 * (KEPT_OF_TRACE_IDS + 24)).has_grown());
    }
}
