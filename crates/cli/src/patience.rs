//! How long a command waits for a Brevet that cannot answer now.

use std::time::Duration;

use crate::failure::Failure;

/// No single wait is longer than this, whatever `Retry-After` says: asking again costs little.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How often to ask, and for how long altogether.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    attempts: u32,
    first_wait: Duration,
    whole: Duration,
}

impl Patience {
    /// For a job that cannot start without credentials: a minute.
    pub(crate) const JOB: Self =
        Self { attempts: 6, first_wait: Duration::from_secs(1), whole: Duration::from_secs(60) };

    /// Whether to ask once more, and when. Only "cannot tell" is worth it: a "no" stays a no.
    pub(crate) fn wait(&self, failure: &Failure, attempt: u32, elapsed: Duration) -> Option<Duration> {
        let Failure::Unavailable(explanation) = failure else { return None };
        if attempt >= self.attempts {
            return None;
        }
        let asked = explanation.answer.as_ref().and_then(|answer| answer.retry_after);
        // A quota that is renewed in an hour is not waited for.
        let budget = self.whole.checked_sub(elapsed)?;
        if asked.is_some_and(|asked| asked > budget) {
            return None;
        }
        let backoff = self.first_wait.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let wait = asked.map_or(backoff, |asked| asked.max(backoff)).min(LONGEST_WAIT);
        (wait <= budget).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;

    fn answer(status: u16, retry_after: Option<u64>) -> Failure {
        let body = br#"{"code":"x","message":"y"}"#;
        Answer::new(status, retry_after.map(Duration::from_secs), body).into_failure("https://c.example.com")
    }

    fn wait(failure: &Failure, attempt: u32, elapsed: u64) -> Option<u64> {
        Patience::JOB.wait(failure, attempt, Duration::from_secs(elapsed)).map(|wait| wait.as_secs())
    }

    #[test]
    fn never_asks_again_after_a_no() {
        for status in [400, 401, 403] {
            assert_eq!(wait(&answer(status, Some(1)), 1, 0), None, "{status}");
        }
        assert_eq!(wait(&Failure::misconfigured("x", "y", "z"), 1, 0), None);
    }

    #[test]
    fn gives_up_after_six_attempts_or_a_minute() {
        assert_eq!(wait(&answer(503, None), 6, 0), None);
        assert_eq!(wait(&answer(503, None), 1, 60), None);
        assert_eq!(wait(&answer(503, None), 1, 61), None);
        assert_eq!(wait(&answer(503, None), 5, 50), None);
    }

    #[test]
    fn does_not_wait_for_a_quota_of_tomorrow() {
        assert_eq!(wait(&answer(429, Some(3600)), 1, 0), None);
        assert_eq!(wait(&answer(429, Some(30)), 1, 0), Some(20));
    }

    #[test]
    fn doubles_the_wait_and_honours_retry_after() {
        let unreachable = Failure::unavailable("unreachable", "gone");
        let waits: Vec<_> = (1..6).map(|attempt| wait(&unreachable, attempt, 0)).collect();
        assert_eq!(waits, [Some(1), Some(2), Some(4), Some(8), Some(16)]);
        assert_eq!(wait(&answer(503, Some(5)), 1, 0), Some(5));
        assert_eq!(wait(&answer(503, Some(1)), 3, 0), Some(4));
    }
}
