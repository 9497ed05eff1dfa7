//! An issuer's keys between fetches. GitLab may be down or slow, and strangers may send any key id they like: neither
//! may keep a good token out, let a bad one in, or turn Brevet into a weapon against GitLab.

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use crate::issuer::KeySource;
use crate::key_fetch::{FetchKeySet, KeyFetch, fetch_keys};
use crate::key_set::{KeySet, VerificationKey};
use crate::rejection::KeysUnavailable;

/// From this age on, keys are refreshed beside the request that notices.
const SOFT_AGE: u64 = 3_600;

/// At this age, keys are not used any more.
const HARD_AGE: u64 = 86_400;

/// From this age on, the request that notices waits for the refresh, a little: on Lambda a task beside a request stands
/// still between two invocations.
const OVERDUE_AGE: u64 = SOFT_AGE + 900;

/// How long it waits.
const REFRESH_PATIENCE: Duration = Duration::from_millis(300);

/// The least time between the starts of two fetches, whatever became of the first.
const COOL_DOWN: u64 = 30;

pub(crate) struct KeyCache<F> {
    issuer: String,
    source: KeySource,
    ca_bundle_pem: Option<String>,
    fetcher: Arc<F>,
    state: RwLock<State>,
    flight: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    keys: Option<KeySet>,
    fetched_at: u64,
    last_attempt: Option<Attempt>,
    /// How many fetches have ended.
    ended: u64,
}

#[derive(Clone, Copy)]
struct Attempt {
    started_at: u64,
    succeeded: bool,
}

/// What is known about a key id.
pub(crate) enum Lookup {
    Key(Arc<VerificationKey>),
    /// The issuer, asked recently, has no such key.
    Unknown,
}

impl<F: FetchKeySet> KeyCache<F> {
    pub(crate) fn new(issuer: String, source: KeySource, ca_bundle_pem: Option<String>, fetcher: Arc<F>) -> Arc<Self> {
        let keys = match &source {
            KeySource::Static(keys) => Some(keys.clone()),
            KeySource::JwksUri(_) | KeySource::Discovery(_) => None,
        };
        let state = RwLock::new(State { keys, ..State::default() });
        Arc::new(Self { issuer, source, ca_bundle_pem, fetcher, state, flight: Arc::default() })
    }

    /// Finds a key, asking the issuer where that is due and allowed.
    pub(crate) async fn lookup(self: &Arc<Self>, kid: &str, now: u64) -> Result<Lookup, KeysUnavailable> {
        if let Some(key) = self.current(kid, now).await {
            return Ok(Lookup::Key(key));
        }
        if matches!(self.source, KeySource::Static(_)) {
            return Ok(Lookup::Unknown);
        }
        self.fetch_once(now).await;
        if let Some(key) = self.cached(kid, now) {
            return Ok(Lookup::Key(key));
        }
        let last_attempt = self.state().last_attempt;
        match last_attempt {
            Some(attempt) if attempt.succeeded => Ok(Lookup::Unknown),
            attempt => {
                let waited = attempt.map_or(0, |attempt| now.saturating_sub(attempt.started_at));
                Err(KeysUnavailable { retry_after_seconds: COOL_DOWN.saturating_sub(waited).max(1) })
            }
        }
    }

    /// Fetches the keys if there are none yet, so that the first request need not.
    pub(crate) async fn prime(self: &Arc<Self>, now: u64) {
        if self.state().keys.is_none() {
            self.fetch_once(now).await;
        }
    }

    /// A key that is at hand; if the set is getting old, it is refreshed beside the caller.
    pub(crate) async fn current(self: &Arc<Self>, kid: &str, now: u64) -> Option<Arc<VerificationKey>> {
        let age = self.age(now);
        if (SOFT_AGE..HARD_AGE).contains(&age) && !self.is_cooling(now) {
            let refresh = tokio::spawn(Arc::clone(self).refresh(now));
            if age >= OVERDUE_AGE {
                let _ = tokio::time::timeout(REFRESH_PATIENCE, refresh).await;
            }
        }
        self.cached(kid, now)
    }

    fn cached(&self, kid: &str, now: u64) -> Option<Arc<VerificationKey>> {
        if self.age(now) >= HARD_AGE {
            return None;
        }
        self.state().keys.as_ref().and_then(|keys| keys.get(kid))
    }

    fn age(&self, now: u64) -> u64 {
        match self.source {
            KeySource::Static(_) => 0,
            // A clock that was ahead and is set right must not make keys young, or a cool-down long, for hours.
            KeySource::JwksUri(_) | KeySource::Discovery(_) => now.abs_diff(self.state().fetched_at),
        }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// One fetch in flight: the fetch itself holds the lock, in a task of its own, so that a request that runs out of
    /// time takes neither with it. Whoever waits for the lock finds the outcome of the fetch it waited for, and the
    /// cool-down, which begins with the attempt, keeps it from making another.
    async fn fetch_once(self: &Arc<Self>, now: u64) {
        let ended = self.state().ended;
        let flight = Arc::clone(&self.flight).lock_owned().await;
        if self.state().ended != ended {
            return;
        }
        if let Some(fetch) = self.begin(now) {
            let fetching = tokio::spawn(async move {
                fetch.await;
                drop(flight);
            });
            let _ = fetching.await;
        }
    }

    async fn refresh(self: Arc<Self>, now: u64) {
        self.fetch_once(now).await;
    }

    fn is_cooling(&self, now: u64) -> bool {
        self.state().last_attempt.is_some_and(|attempt| now.abs_diff(attempt.started_at) < COOL_DOWN)
    }

    /// The fetch to run now, or `None` during the cool-down.
    fn begin(self: &Arc<Self>, now: u64) -> Option<impl Future<Output = ()> + Send + 'static> {
        if self.is_cooling(now) {
            return None;
        }
        self.update(|state| state.last_attempt = Some(Attempt { started_at: now, succeeded: false }));
        let cache = Arc::clone(self);
        Some(async move {
            let outcome =
                fetch_keys(&*cache.fetcher, &cache.issuer, &cache.source, cache.ca_bundle_pem.as_deref()).await;
            cache.update(|state| {
                state.ended += 1;
                if let Ok(keys) = &outcome {
                    state.keys = Some(keys.clone());
                    state.fetched_at = now;
                    state.last_attempt = Some(Attempt { started_at: now, succeeded: true });
                }
            });
            cache.fetcher.fetched(KeyFetch { issuer: &cache.issuer, fault: outcome.as_ref().err() });
        })
    }
}

#[cfg(test)]
mod tests;
