use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::key::Signer;

/// A job's ID token before it is signed. Start from a good one and change what the test is about.
#[derive(Clone, Debug)]
pub struct JobToken {
    header: Map<String, Value>,
    payload: Map<String, Value>,
    raw_payload: Option<String>,
}

impl JobToken {
    /// A token with exactly these claims and GitLab's header.
    pub fn new(payload: Map<String, Value>) -> Self {
        let header = Map::from_iter([("typ".to_owned(), Value::from("JWT"))]);
        Self { header, payload, raw_payload: None }
    }

    /// The claims so far.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// Sets one claim, in whatever JSON type the test needs.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.payload.insert(name.to_owned(), value.into());
        self
    }

    /// Leaves one claim out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.payload.remove(name);
        self
    }

    /// Moves `iat`, `nbf` and `exp` together, so that the token looks `seconds` old and lives as long as before.
    #[must_use]
    pub fn aged(mut self, seconds: i64) -> Self {
        for name in ["iat", "nbf", "exp"] {
            if let Some(time) = self.payload.get(name).and_then(Value::as_i64) {
                self.payload.insert(name.to_owned(), Value::from(time - seconds));
            }
        }
        self
    }

    /// Sets a header member: over the algorithm and key id of the signer too.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Puts these bytes where the payload's JSON should be: duplicate members, say, which no map can hold.
    #[must_use]
    pub fn raw_payload(mut self, text: &str) -> Self {
        self.raw_payload = Some(text.to_owned());
        self
    }

    /// The compact form, signed.
    pub fn signed_by(&self, signer: &dyn Signer) -> String {
        let mut header = Map::new();
        header.insert("alg".to_owned(), signer.algorithm().into());
        header.insert("kid".to_owned(), signer.key_id().into());
        header.extend(self.header.clone());
        // `null` in an override means "leave the member out"; GitLab's header has no nulls.
        header.retain(|_, value| !value.is_null());

        let header = Value::Object(header).to_string();
        let payload = self.raw_payload.clone().unwrap_or_else(|| Value::Object(self.payload.clone()).to_string());
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(signer.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

/// Seconds since the epoch.
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(elapsed.as_secs()).expect("the clock is not absurd")
}
