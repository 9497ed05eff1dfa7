use std::cell::Cell;

use serde_json::{Map, Value};

use super::cast::{Cast, OTHER_ISSUER};
use super::public_key::spelled;
use super::template::fill;
use crate::gitlab::{JobDescription, Signer as _, now};

/// What the placeholders of a case stand for:
///
/// - `issuer`, `host`, `port`, `other` (the other issuer), `attacker` (the address of a server of the attacker's);
/// - `kid`, `sign-in.kid`, `stranger.kid`, `stranger.jwk`;
/// - `now`, `now+60`, `now-60`;
/// - `claim.NAME`: the JSON of a claim of the good token;
/// - `public.SPELLING`: the public key, in the spellings of the module `public_key`, or `jwks`, the whole key set.
pub(super) struct Scene<'a> {
    cast: Cast<'a>,
    now: i64,
    pub(super) claims: Map<String, Value>,
    pub(super) needs_other: Cell<bool>,
}

impl<'a> Scene<'a> {
    /// Now, with the token of this job.
    pub(super) fn new(cast: &Cast<'a>, job: &JobDescription) -> Self {
        let token = cast.instance.job_token(job).unwrap_or_else(|error| panic!("{error}"));
        Self { cast: *cast, now: now(), claims: token.claims().clone(), needs_other: Cell::new(false) }
    }

    /// Fills a template; `parts` are names that this place knows besides.
    pub(super) fn bytes(&self, template: &str, parts: &[(&str, &[u8])]) -> Vec<u8> {
        fill(template, &|name| {
            let part = parts.iter().find(|(part, _)| *part == name).map(|(_, value)| value.to_vec());
            part.or_else(|| self.value(name))
        })
    }

    /// The same where only text makes sense.
    pub(super) fn text(&self, template: &str, parts: &[(&str, &[u8])]) -> String {
        String::from_utf8(self.bytes(template, parts)).unwrap_or_else(|_| panic!("`{template}` is no text"))
    }

    /// A JSON value with every text in it filled.
    pub(super) fn json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(text, &[])),
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (self.text(name, &[]), self.json(value))).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    fn value(&self, name: &str) -> Option<Vec<u8>> {
        let instance = self.cast.instance;
        if let Some(claim) = name.strip_prefix("claim.") {
            return self.claims.get(claim).map(|value| value.to_string().into_bytes());
        }
        if let Some(spelling) = name.strip_prefix("public.") {
            let whole_set = (spelling == "jwks").then(|| instance.key_set().to_string().into_bytes());
            return whole_set.or_else(|| spelled(&instance.ci_key(), spelling));
        }
        if let Some(offset) = name.strip_prefix("now") {
            let offset: i64 = if offset.is_empty() { 0 } else { offset.parse().ok()? };
            return Some((self.now + offset).to_string().into_bytes());
        }
        let host = instance.issuer().split_once("://").map_or("", |(_, host)| host);
        let text = match name {
            "issuer" => instance.issuer().to_owned(),
            "host" => host.to_owned(),
            "port" => host.rsplit_once(':').map_or("", |(_, port)| port).to_owned(),
            "attacker" => self.cast.attacker.to_owned(),
            "kid" => instance.key_id(),
            "sign-in.kid" => instance.sign_in_key().key_id(),
            "stranger.kid" => self.cast.rsa("stranger")?.key_id(),
            "stranger.jwk" => self.cast.rsa("stranger")?.public_jwk().to_string(),
            "other" => {
                self.needs_other.set(true);
                OTHER_ISSUER.to_owned()
            }
            _ => return None,
        };
        Some(text.into_bytes())
    }
}
