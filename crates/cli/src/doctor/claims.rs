use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::token::IdToken;

/// What the token says of itself. Nobody has verified it: it is for showing, never for deciding about anybody else.
#[derive(Debug)]
pub(super) struct UnverifiedClaims(Map<String, Value>);

impl UnverifiedClaims {
    /// Reads the payload.
    pub(super) fn read(token: &IdToken) -> Option<Self> {
        let payload = token.expose().split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload).ok()?;
        serde_json::from_slice(&json).ok().map(Self)
    }

    /// A claim for a line of text; several values are joined.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = match self.0.get(name)? {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            Value::Array(values) => {
                values.iter().map(|value| value.as_str().unwrap_or("?")).collect::<Vec<_>>().join(" and ")
            }
            other => other.to_string(),
        };
        Some(text.escape_debug().to_string())
    }

    /// A claim, or `nothing`.
    pub(super) fn shown(&self, name: &str) -> String {
        self.text(name).unwrap_or_else(|| "nothing".to_owned())
    }

    /// A claim in seconds since the epoch.
    pub(super) fn seconds(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    /// How many audiences there are.
    pub(super) fn audiences(&self) -> usize {
        match self.0.get("aud") {
            Some(Value::Array(values)) => values.len(),
            Some(Value::String(_)) => 1,
            _ => 0,
        }
    }
}
