//! An issuer's keys between fetches. GitLab may be down or slow, and strangers may send any key id they like: neither
//! may keep a good token out, let a bad one in, or turn Brevet into a weapon against GitLab.

use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};

use crate::issuer::{KeySource, is_fetchable};
use crate::key_set::{KeySet, VerificationKey};
use crate::rejection::KeysUnavailable;

/// From this age on, keys are refreshed beside the request that notices.
const SOFT_AGE: u64 = 3_600;

/// At this age, keys are not used any more.
const HARD_AGE: u64 = 86_400;

/// The least time between the starts of two fetches, whatever became of the first.
const COOL_DOWN: u64 = 30;

/// The one port of this crate: fetches the document at an address.
///
/// An implementation follows no redirect, reads at most 256 KiB and takes at most a second.
pub trait FetchKeySet: Send + Sync + 'static {
    /// The document's bytes, for a 200 answer; `ca_bundle_pem` is to be trusted beside the public authorities.
    fn fetch(&self, url: &str, ca_bundle_pem: Option<&str>)
    -> impl Future<Output = Result<Vec<u8>, FetchError>> + Send;

    /// Told about every fetch when it ends, for metrics and the log.
    fn fetched(&self, fetch: KeyFetch<'_>);
}

/// How a fetch ended.
#[derive(Clone, Copy, Debug)]
pub struct KeyFetch<'a> {
    /// The issuer whose keys were asked for.
    pub issuer: &'a str,
    /// `None` when the new keys are in use.
    pub fault: Option<&'a FetchError>,
}

/// Why keys could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No connection, or it broke.
    #[error("no connection")]
    Connect,
    /// Nothing came in time.
    #[error("timed out")]
    TimedOut,
    /// An answer other than 200.
    #[error("answered with status {0}")]
    Status(u16),
    /// More bytes than a key set has.
    #[error("answered with too many bytes")]
    TooLarge,
    /// The certificates given for this issuer cannot be used.
    #[error("the issuer's `ca_bundle_pem` cannot be used")]
    CaBundle,
    /// An answer that is no key set, or not this issuer's.
    #[error("unusable answer: {0}")]
    Unusable(String),
}

pub(crate) struct KeyCache<F> {
    issuer: String,
    source: KeySource,
    ca_bundle_pem: Option<String>,
    fetcher: Arc<F>,
    state: RwLock<State>,
    flight: tokio::sync::Mutex<()>,
}

#[derive(Clone, Default)]
struct State {
    keys: Option<KeySet>,
    fetched_at: u64,
    last_attempt: Option<Attempt>,
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
        Arc::new(Self { issuer, source, ca_bundle_pem, fetcher, state, flight: tokio::sync::Mutex::default() })
    }

    /// Finds a key, asking the issuer where that is due and allowed.
    pub(crate) async fn lookup(self: &Arc<Self>, kid: &str, now: u64) -> Result<Lookup, KeysUnavailable> {
        if let Some(key) = self.current(kid, now) {
            return Ok(Lookup::Key(key));
        }
        if matches!(self.source, KeySource::Static(_)) {
            return Ok(Lookup::Unknown);
        }
        self.fetch_once(now).await;
        if let Some(key) = self.cached(kid, now) {
            return Ok(Lookup::Key(key));
        }
        let state = self.snapshot();
        match state.last_attempt {
            Some(attempt) if attempt.succeeded => Ok(Lookup::Unknown),
            attempt => {
                let waited = attempt.map_or(0, |attempt| now.saturating_sub(attempt.started_at));
                Err(KeysUnavailable { retry_after_seconds: COOL_DOWN.saturating_sub(waited).max(1) })
            }
        }
    }

    /// Fetches the keys if there are none yet, so that the first request need not.
    pub(crate) async fn prime(self: &Arc<Self>, now: u64) {
        if self.snapshot().keys.is_none() {
            self.fetch_once(now).await;
        }
    }

    /// A key that is at hand; if the set is getting old, it is refreshed beside the caller.
    pub(crate) fn current(self: &Arc<Self>, kid: &str, now: u64) -> Option<Arc<VerificationKey>> {
        let key = self.cached(kid, now)?;
        if self.age(now) >= SOFT_AGE && !self.is_cooling(now) {
            self.refresh_beside(now);
        }
        Some(key)
    }

    fn cached(&self, kid: &str, now: u64) -> Option<Arc<VerificationKey>> {
        if self.age(now) >= HARD_AGE {
            return None;
        }
        self.state.read().unwrap_or_else(PoisonError::into_inner).keys.as_ref().and_then(|keys| keys.get(kid))
    }

    fn age(&self, now: u64) -> u64 {
        match self.source {
            KeySource::Static(_) => 0,
            KeySource::JwksUri(_) | KeySource::Discovery(_) => now.saturating_sub(self.snapshot().fetched_at),
        }
    }

    fn snapshot(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// One fetch in flight. Whoever waits for the lock finds the outcome of the fetch it waited for, and the
    /// cool-down, which begins with the attempt, keeps it from making another.
    async fn fetch_once(self: &Arc<Self>, now: u64) {
        let _flight = self.flight.lock().await;
        if let Some(fetch) = self.begin(now) {
            // In a task of its own: a request that runs out of time must not take the fetch with it.
            let _ = tokio::spawn(fetch).await;
        }
    }

    fn is_cooling(&self, now: u64) -> bool {
        self.snapshot().last_attempt.is_some_and(|attempt| now.saturating_sub(attempt.started_at) < COOL_DOWN)
    }

    fn refresh_beside(self: &Arc<Self>, now: u64) {
        let cache = Arc::clone(self);
        tokio::spawn(async move { cache.fetch_once(now).await });
    }

    /// The fetch to run now, or `None` during the cool-down.
    fn begin(self: &Arc<Self>, now: u64) -> Option<impl Future<Output = ()> + Send + 'static> {
        if self.is_cooling(now) {
            return None;
        }
        self.update(|state| state.last_attempt = Some(Attempt { started_at: now, succeeded: false }));
        let cache = Arc::clone(self);
        Some(async move {
            let outcome = cache.fetch_keys().await;
            if let Ok(keys) = &outcome {
                cache.update(|state| {
                    *state = State {
                        keys: Some(keys.clone()),
                        fetched_at: now,
                        last_attempt: Some(Attempt { started_at: now, succeeded: true }),
                    };
                });
            }
            cache.fetcher.fetched(KeyFetch { issuer: &cache.issuer, fault: outcome.as_ref().err() });
        })
    }

    async fn fetch_keys(&self) -> Result<KeySet, FetchError> {
        let uri = match &self.source {
            KeySource::Static(keys) => return Ok(keys.clone()),
            KeySource::JwksUri(uri) => uri.clone(),
            KeySource::Discovery(address) => self.discover(address).await?,
        };
        let document = self.fetcher.fetch(&uri, self.ca_bundle_pem.as_deref()).await?;
        KeySet::parse(&document).map_err(|fault| FetchError::Unusable(fault.to_string()))
    }

    /// Reads `jwks_uri` from the discovery document, which must be this issuer's own.
    async fn discover(&self, address: &str) -> Result<String, FetchError> {
        #[derive(serde::Deserialize)]
        struct Discovery {
            issuer: String,
            jwks_uri: String,
        }
        let document = self.fetcher.fetch(address, self.ca_bundle_pem.as_deref()).await?;
        let unusable = |reason: &str| FetchError::Unusable(reason.to_owned());
        let discovery: Discovery =
            serde_json::from_slice(&document).map_err(|_| unusable("not a discovery document"))?;
        if discovery.issuer != self.issuer {
            return Err(unusable("the discovery document is another issuer's"));
        }
        if is_fetchable(&discovery.jwks_uri) {
            Ok(discovery.jwks_uri)
        } else {
            Err(unusable("`jwks_uri` is not https"))
        }
    }
}

#[cfg(test)]
mod tests;
