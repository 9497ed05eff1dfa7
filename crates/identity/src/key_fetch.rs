//! The way to an issuer's keys: the port, and the discovery of where they are.

use std::future::Future;

use crate::issuer::{KeySource, is_fetchable};
use crate::json::read_object;
use crate::key_set::KeySet;

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

/// Fetches the keys from where the configuration says they are.
pub(crate) async fn fetch_keys<F: FetchKeySet>(
    fetcher: &F,
    issuer: &str,
    source: &KeySource,
    ca_bundle_pem: Option<&str>,
) -> Result<KeySet, FetchError> {
    let uri = match source {
        KeySource::Static(keys) => return Ok(keys.clone()),
        KeySource::JwksUri(uri) => uri.clone(),
        KeySource::Discovery(address) => discovered(&fetcher.fetch(address, ca_bundle_pem).await?, issuer)?,
    };
    let document = fetcher.fetch(&uri, ca_bundle_pem).await?;
    KeySet::parse(&document).map_err(|fault| FetchError::Unusable(fault.to_string()))
}

/// Reads `jwks_uri` from a discovery document (OpenID Connect Discovery 1.0, section 4.3), which must be this issuer's own.
fn discovered(document: &[u8], issuer: &str) -> Result<String, FetchError> {
    #[derive(serde::Deserialize)]
    struct Discovery {
        issuer: String,
        jwks_uri: String,
    }
    let unusable = |reason: &str| FetchError::Unusable(reason.to_owned());
    let discovery: Discovery = read_object(document).ok_or_else(|| unusable("not a discovery document"))?;
    if discovery.issuer != issuer {
        return Err(unusable("the discovery document is another issuer's"));
    }
    if is_fetchable(&discovery.jwks_uri) { Ok(discovery.jwks_uri) } else { Err(unusable("`jwks_uri` is not https")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://gitlab.example.com";

    #[test]
    fn follows_no_document_that_is_not_one_object_of_text() {
        let members = format!(r#""issuer":"{ISSUER}","jwks_uri":"{ISSUER}/keys""#);
        let with_bytes = [format!("{{{members},\"x\":\"").as_bytes(), b"\xff\"}"].concat();
        let list = format!(r#"["{ISSUER}","{ISSUER}/keys"]"#).into_bytes();
        for document in [with_bytes, list, Vec::new(), b"null".to_vec(), format!("{{{members}}} {{}}").into_bytes()] {
            let refused = discovered(&document, ISSUER);
            let text = document.escape_ascii();
            assert_eq!(refused, Err(FetchError::Unusable("not a discovery document".to_owned())), "{text}");
        }
        assert_eq!(discovered(format!("{{{members}}}").as_bytes(), ISSUER), Ok(format!("{ISSUER}/keys")));
    }
}
