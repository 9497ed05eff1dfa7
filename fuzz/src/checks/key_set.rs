use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use brevet_identity::{BearerToken, FetchError, FetchKeySet, KeyFetch, Verifier, parse_issuers};
use serde_json::{Value, json};
use url::{Host, Url};

use crate::json::Members;
use crate::world::{ISSUER, KID, LEEWAY, NOW, bytes, claims, jwk, sign, trusted, wait};

/// What an issuer answers when it is asked for its keys, or, with a line `---`, for its discovery document and then for its
/// keys: a token is verified by a key that the set has, and nothing is fetched from where the document does not say.
pub fn key_set(data: &[u8]) {
    let separator = b"\n---\n";
    let split = data.windows(separator.len()).position(|window| window == separator);
    let (discovery, keys) = match split {
        Some(end) => (Some(&data[..end]), &data[end + separator.len()..]),
        None => (None, data),
    };
    let documents: Vec<Vec<u8>> = discovery.into_iter().chain([keys]).map(<[u8]>::to_vec).collect();
    let place = if discovery.is_some() { json!({}) } else { json!({"jwks_uri": "https://keys.example.com/"}) };
    let issuers = parse_issuers(&trusted(place)).expect("the issuer is well formed");
    let server = Arc::new(Server { documents: Mutex::new(documents), asked: Mutex::default() });
    let verifier = Verifier::new(issuers, LEEWAY, Arc::clone(&server));
    let verdict = wait(verifier.verify(token(), NOW));

    let asked = server.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let (Some(document), Some(second)) = (discovery, asked.get(1)) {
        let document = Members::read(document).expect("what is followed is an object");
        assert_eq!(document.get("issuer"), Some(&json!(ISSUER)), "another issuer's document was followed");
        assert_eq!(document.get("jwks_uri"), Some(&json!(second)), "it says another address");
        assert!(is_safe(second), "{second} was fetched");
    }
    let listed =
        Members::read(keys).and_then(|set| set.get("keys").and_then(Value::as_array).cloned()).unwrap_or_default();
    if verdict.is_ok() {
        assert!(asked.len() == if discovery.is_some() { 2 } else { 1 }, "verified by a key that was not fetched");
        assert!(listed.iter().any(is_ours), "verified by a key that is not in the set");
    } else if discovery.is_none()
        && listed.first() == Some(&jwk())
        && Members::read(keys).is_some_and(|set| set.are_unique())
    {
        panic!("a good key that comes first is not used");
    }
}

fn token() -> &'static BearerToken {
    static TOKEN: OnceLock<BearerToken> = OnceLock::new();
    TOKEN.get_or_init(|| {
        BearerToken::from_authorization([sign(&bytes(&claims())).as_str()]).expect("a signed token is a token")
    })
}

/// Whether this is the key the token was signed with, for that use.
fn is_ours(key: &Value) -> bool {
    let ours = jwk();
    let absent_or = |name: &str| key.get(name).is_none_or(|value| value.is_null() || *value == ours[name]);
    key["kid"] == KID
        && ["kty", "crv", "x"].iter().all(|name| key[*name] == ours[*name])
        && ["use", "alg"].into_iter().all(absent_or)
}

fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    (url.scheme() == "https" || (url.scheme() == "http" && loopback))
        && url.username().is_empty()
        && url.password().is_none()
}

/// Answers the first request with the first document, and so on.
struct Server {
    documents: Mutex<Vec<Vec<u8>>>,
    asked: Mutex<Vec<String>>,
}

impl FetchKeySet for Server {
    async fn fetch(&self, url: &str, _ca_bundle_pem: Option<&str>) -> Result<Vec<u8>, FetchError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(url.to_owned());
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        if documents.is_empty() { Err(FetchError::Connect) } else { Ok(documents.remove(0)) }
    }

    fn fetched(&self, _fetch: KeyFetch<'_>) {}
}
