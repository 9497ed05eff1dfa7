use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use brevet_identity::{FetchError, FetchKeySet, KeyFetch};

use crate::https::{Https, HttpsError};
use crate::telemetry::Telemetry;

/// A key set is a few KiB; GitLab.com's is under 4.
const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Fetches key sets over HTTPS, within the limits that [`FetchKeySet`] promises.
pub struct KeyFetcher {
    public: Https,
    with_bundle: Mutex<HashMap<String, Https>>,
    telemetry: Telemetry,
}

impl KeyFetcher {
    /// Uses `public` for issuers without certificates of their own.
    pub fn new(public: Https, telemetry: Telemetry) -> Self {
        Self { public, with_bundle: Mutex::default(), telemetry }
    }

    fn connector(&self, ca_bundle_pem: Option<&str>) -> Result<Https, FetchError> {
        let Some(pem) = ca_bundle_pem else { return Ok(self.public.clone()) };
        let mut connectors = self.with_bundle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(https) = connectors.get(pem) {
            return Ok(https.clone());
        }
        let https = Https::new(Some(pem)).map_err(|_| FetchError::CaBundle)?;
        connectors.insert(pem.to_owned(), https.clone());
        Ok(https)
    }
}

impl FetchKeySet for KeyFetcher {
    async fn fetch(&self, url: &str, ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        match self.connector(ca_bundle_pem)?.get(url, MAX_KEY_SET_BYTES).await {
            Ok((200, body)) => Ok(body),
            Ok((status, _)) => Err(FetchError::Status(status)),
            Err(HttpsError::Connect) => Err(FetchError::Connect),
            Err(HttpsError::TimedOut) => Err(FetchError::TimedOut),
            Err(HttpsError::TooLarge) => Err(FetchError::TooLarge),
            Err(HttpsError::CaBundle) => Err(FetchError::CaBundle),
        }
    }

    fn fetched(&self, fetch: KeyFetch<'_>) {
        self.telemetry.key_fetch(fetch.issuer, fetch.fault.map(ToString::to_string));
    }
}
