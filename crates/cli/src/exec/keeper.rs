mod held;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use self::held::Held;
use crate::brevet::{Brevet, Question};
use crate::failure::Failure;
use crate::output;
use crate::session::SessionCredentials;
use crate::step_log::Redactor;

/// The Java SDK gives up on a credential endpoint after one second.
const SDK_PATIENCE: Duration = Duration::from_millis(800);

/// Holds the session of the job and fetches the next one in time: one fetch at a time, whoever asks.
#[derive(Debug)]
pub(crate) struct SessionKeeper {
    brevet: Brevet,
    question: Question,
    held: Mutex<Held>,
    turn: tokio::sync::Mutex<()>,
    redactor: Arc<Redactor>,
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
