use std::sync::Arc;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use crate::failure::Failure;
use crate::session::SessionCredentials;

/// botocore is the most eager: with less than fifteen minutes left it fetches at every use.
const EAGER_SECONDS: i64 = 16 * 60;
/// A session this young is served even if it is short, or a session of fifteen minutes would be fetched at every use.
const YOUNG: Duration = Duration::from_secs(60);
/// With less than this left a session is no use to anybody.
const USABLE_SECONDS: i64 = 60;
/// After an attempt that failed while the session in hand is still good.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// The session in hand, and what came of the attempts to get another.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) session: Arc<SessionCredentials>,
    pub(super) fetched: Instant,
    pub(super) failed: Option<(Instant, Failure)>,
}

impl Held {
    fn remaining(&self) -> i64 {
        self.session.remaining_seconds(OffsetDateTime::now_utc())
    }

    /// Whether it is of any use.
    pub(super) fn is_usable(&self) -> bool {
        self.remaining() >= USABLE_SECONDS
    }

    /// Whether there is no need to ask Brevet now.
    pub(super) fn is_fresh(&self) -> bool {
        let failed_just_now = self.failed.as_ref().is_some_and(|(when, failure)| {
            when.elapsed() < ASK_AGAIN_AFTER && says_nothing_against_the_session(failure)
        });
        self.remaining() > EAGER_SECONDS || self.is_usable() && (self.fetched.elapsed() < YOUNG || failed_just_now)
    }

    /// The session in hand, if this failure leaves it as good as it was.
    pub(super) fn despite(&self, failure: &Failure) -> Option<Arc<SessionCredentials>> {
        (self.is_usable() && says_nothing_against_the_session(failure)).then(|| Arc::clone(&self.session))
    }
}

/// An outage does not, nor a token that gives no *further* session. A "no" to this job does: its user is to see it.
fn says_nothing_against_the_session(failure: &Failure) -> bool {
    match failure {
        Failure::Refused(explanation) => {
            matches!(explanation.code.as_str(), "token_expired" | "token_too_old" | "token_already_used")
        }
        Failure::Unavailable(_) | Failure::Misconfigured(_) => true,
        Failure::Usage(_) | Failure::Unsuccessful(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::test_support::session_body;

    fn held(remaining: i64, age: u64) -> Held {
        // A second more: the clock goes on during the test.
        let session = SessionCredentials::parse(&session_body(remaining + 1)).unwrap();
        let fetched = Instant::now().checked_sub(Duration::from_secs(age)).unwrap();
        Held { session: Arc::new(session), fetched, failed: None }
    }

    fn failed(held: Held, seconds_ago: u64, failure: Failure) -> Held {
        let when = Instant::now().checked_sub(Duration::from_secs(seconds_ago)).unwrap();
        Held { failed: Some((when, failure)), ..held }
    }

    fn refused(code: &str) -> Failure {
        Answer::new(403, None, format!(r#"{{"code":"{code}","message":"no"}}"#).as_bytes()).into_failure("here")
    }

    fn outage() -> Failure {
        Failure::unavailable("unreachable", "gone")
    }

    #[test]
    fn asks_for_another_before_an_sdk_finds_this_one_too_old() {
        let cases =
            [(3600, 300, true), (970, 300, true), (950, 300, false), (900, 30, true), (900, 61, false), (30, 0, false)];
        for (remaining, age, fresh) in cases {
            assert_eq!(held(remaining, age).is_fresh(), fresh, "{remaining} s left after {age} s");
        }
    }

    #[test]
    fn lives_on_through_an_outage_and_does_not_ask_all_the_time() {
        let short = || held(300, 3300);
        assert!(short().despite(&outage()).is_some());
        assert!(failed(short(), 5, outage()).is_fresh());
        assert!(!failed(short(), 16, outage()).is_fresh());
        assert!(held(50, 3550).despite(&outage()).is_none());
        assert!(!failed(held(50, 3550), 5, outage()).is_fresh());
    }

    #[test]
    fn is_used_up_when_the_token_gives_no_further_one() {
        for code in ["token_expired", "token_too_old", "token_already_used"] {
            assert!(held(300, 3300).despite(&refused(code)).is_some(), "{code}");
            assert!(held(50, 3550).despite(&refused(code)).is_none(), "{code}");
        }
    }

    #[test]
    fn is_not_handed_out_any_more_after_a_no_to_this_job() {
        for code in ["conditions_not_met", "explicitly_denied", "no_mapping", "token_invalid"] {
            let held = held(300, 3300);
            assert!(held.despite(&refused(code)).is_none(), "{code}");
            assert!(!failed(held, 5, refused(code)).is_fresh(), "{code}");
        }
    }
}
