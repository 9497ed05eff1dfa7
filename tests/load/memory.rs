use serde::Serialize;

use crate::mix::Function;
use crate::subject::Subject;

/// What an environment may grow by between the end of its first third and its end: a page or two for every cache that
/// is not full yet, and nothing that goes with the number of requests.
pub(crate) const MAY_GROW_BY: u64 = 4 * 1024 * 1024;

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

    pub(crate) fn growth(&self) -> u64 {
        self.last.saturating_sub(self.warm)
    }

    /// Judged only of an environment that has answered enough.
    pub(crate) fn has_grown(&self) -> bool {
        self.answered > FILLS_CACHES && self.growth() > MAY_GROW_BY
    }
}
