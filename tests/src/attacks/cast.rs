use std::sync::Arc;

use serde_json::Value;

use super::case::{Case, Expect};
use super::forge::forge;
use super::keys::STRANGERS;
use crate::gitlab::{Instance, RsaKey};

/// An issuer that is trusted beside the GitLab under attack, with keys that are given and not fetched.
pub const OTHER_ISSUER: &str = "https://gitlab.other.example";

/// Whoever has a part in an attack: the GitLab, another trusted issuer, and the attacker.
#[derive(Clone, Copy, Debug)]
pub struct Cast<'a> {
    pub(super) instance: &'a Instance,
    /// Where headers point that should not be followed.
    pub(super) attacker: &'a str,
}

/// A case played: what is sent, what must come back, and what nobody must see.
#[derive(Clone, Debug)]
pub struct Attack {
    /// As in the table.
    pub name: String,
    /// The values of the `Authorization` headers.
    pub authorization: Vec<String>,
    /// The code of the answer.
    pub expect: Expect,
    /// What no log line and no answer may hold: parts of the token, and its id where nobody has proved it.
    pub confidential: Vec<String>,
    /// Whether it needs neither the other issuer nor haste, and an HTTP client can send it.
    pub by_http: bool,
}

impl<'a> Cast<'a> {
    /// The cast of an attack on this GitLab; `attacker` is the address of a server of the attacker's.
    pub fn new(instance: &'a Instance, attacker: &'a str) -> Self {
        Self { instance, attacker }
    }

    /// The key set of [`OTHER_ISSUER`].
    pub fn other_key_set(&self) -> Value {
        STRANGERS.key_set(&self.instance.key_id())
    }

    /// Plays a case, now.
    pub fn attack(&self, case: &Case) -> Attack {
        forge(self, case)
    }

    pub(super) fn rsa(&self, name: &str) -> Option<Arc<RsaKey>> {
        match name {
            "ci" => Some(self.instance.ci_key()),
            "sign-in" => Some(self.instance.sign_in_key()),
            "stranger" => Some(Arc::clone(&STRANGERS.stranger)),
            "other" => Some(Arc::clone(&STRANGERS.other)),
            "second" => Some(Arc::clone(&STRANGERS.second)),
            _ => None,
        }
    }
}
