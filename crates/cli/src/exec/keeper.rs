use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use crate::brevet::{Brevet, Question};
use crate::failure::Failure;
use crate::output;
use crate::session::SessionCredentials;
use crate::step_log::Redactor;

/// botocore is the most eager: with less than fifteen minutes left it fetches at every use.
const EAGER_SECONDS: i64 = 16 * 60;
/// A session this young is served even if it is short, or a session of fifteen minutes would be fetched at every use.
const YOUNG: Duration = Duration::from_secs(60);
/// With less than this left a session is no use to anybody.
const USABLE_SECONDS: i64 = 60;
/// The Java SDK gives up on a credential endpoint after one second.
const SDK_PATIENCE: Duration = Duration::from_millis(800);
/// After an attempt that failed while the session in hand is still good.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(15);

/// Holds the session of the job and fetches the next one in time: one fetch at a time, whoever asks.
#[derive(Debug)]
pub(crate) struct SessionKeeper {
    brevet: Brevet,
    question: Question,
    held: Mutex<Held>,
    turn: tokio::sync::Mutex<()>,
    redactor: Arc<Redactor>,
}

#[derive(Clone, Debug)]
struct Held {
    session: Arc<SessionCredentials>,
    fetched: Instant,
    failed: Option<(Instant, Failure)>,
}

impl SessionKeeper {
    /// Starts with a session that is there already.
    pub(crate) fn new(brevet: Brevet, question: Question, first: SessionCredentials) -> Arc<Self> {
        let redactor = Arc::new(Redactor::default());
        redactor.learn(first.expose_secrets());
        let held = Held { session: Arc::new(first), fetched: Instant::now(), failed: None };
        Arc::new(Self { brevet, question, held: Mutex::new(held), turn: tokio::sync::Mutex::new(()), redactor })
    }

    /// Knows the secrets of every session before anybody is given it.
    pub(crate) fn redactor(&self) -> Arc<Redactor> {
        Arc::clone(&self.redactor)
    }

    /// A session that can be used for a while.
    ///
    /// # Errors
    /// Brevet's refusal; or, when the session in hand is of no more use, why there is no other.
    pub(crate) async fn session(self: &Arc<Self>) -> Result<Arc<SessionCredentials>, Failure> {
        let held = self.held();
        if held.is_fresh() {
            return Ok(held.session);
        }
        // A task of its own: a client that gives up does not end the fetch, and finds its result next time.
        let keeper = Arc::clone(self);
        let asked = Instant::now();
        let refresh = tokio::spawn(async move { keeper.refresh(asked).await });
        let outcome = if held.is_usable() {
            match tokio::time::timeout(SDK_PATIENCE, refresh).await {
                Ok(outcome) => outcome,
                Err(_) => return Ok(held.session),
            }
        } else {
            refresh.await
        };
        outcome.unwrap_or_else(|fault| Err(Failure::unavailable("interrupted", fault.to_string())))
    }

    async fn refresh(&self, asked: Instant) -> Result<Arc<SessionCredentials>, Failure> {
        let _turn = self.turn.lock().await;
        let held = self.held();
        if held.is_fresh() {
            return Ok(held.session);
        }
        // Whoever waited for this turn has its outcome, too.
        if let Some((_, failure)) = held.failed.as_ref().filter(|(when, _)| *when >= asked) {
            return held.despite(failure).ok_or_else(|| failure.clone());
        }
        match self.brevet.session_once(&self.question).await {
            Ok(session) => {
                self.redactor.learn(session.expose_secrets());
                let session = Arc::new(session);
                self.hold(Held { session: Arc::clone(&session), fetched: Instant::now(), failed: None });
                Ok(session)
            }
            Err(failure) => {
                // Some SDKs show their user another error than ours, so the job's log has it, once.
                if held.failed.as_ref().is_none_or(|(_, before)| before.code() != failure.code()) {
                    output::say(&failure.in_words());
                }
                self.hold(Held { failed: Some((Instant::now(), failure.clone())), ..held.clone() });
                held.despite(&failure).ok_or(failure)
            }
        }
    }

    fn held(&self) -> Held {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, held: Held) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }
}

impl Held {
    fn remaining(&self) -> i64 {
        self.session.remaining_seconds(OffsetDateTime::now_utc())
    }

    fn is_usable(&self) -> bool {
        self.remaining() >= USABLE_SECONDS
    }

    /// Whether there is no need to ask Brevet now.
    fn is_fresh(&self) -> bool {
        let failed_just_now = self.failed.as_ref().is_some_and(|(when, failure)| {
            when.elapsed() < ASK_AGAIN_AFTER && says_nothing_against_the_session(failure)
        });
        self.remaining() > EAGER_SECONDS || self.is_usable() && (self.fetched.elapsed() < YOUNG || failed_just_now)
    }

    /// The session in hand, if this failure leaves it as good as it was.
    fn despite(&self, failure: &Failure) -> Option<Arc<SessionCredentials>> {
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
