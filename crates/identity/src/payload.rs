//! The payload behind a verified signature, read strictly: one value a name, the types GitLab uses.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::claims::{CLAIMS, ClaimName, ClaimUse};
use crate::json::read_object;

/// The members of a token's payload: values of known claims, names of the others.
#[derive(Debug)]
pub(crate) struct Payload {
    /// In the claim table's order; `None` where there is no such member.
    known: Vec<Option<Value>>,
    pub(crate) unknown: Vec<String>,
}

impl Payload {
    /// Reads a JSON object in which no member appears twice.
    pub(crate) fn parse(json: &[u8]) -> Option<Self> {
        read_object(json)
    }

    /// A claim's value; `null` counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let claim = CLAIMS.iter().position(|claim| claim.name == name)?;
        self.known.get(claim)?.as_ref().filter(|value| !value.is_null())
    }

    /// The same of a claim with a single value.
    pub(crate) fn single(&self, name: ClaimName) -> Option<&Value> {
        self.known.get(name.position())?.as_ref().filter(|value| !value.is_null())
    }

    /// A claim that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// A claim in whole seconds since the epoch: no float, no sign, no string.
    pub(crate) fn seconds(&self, name: &str) -> Option<u64> {
        self.get(name).and_then(Value::as_u64)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PayloadVisitor)
    }
}

/// A member's name, not copied unless it is written with escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of claims")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Payload, A::Error> {
        let mut known = vec![None; CLAIMS.len()];
        let mut unknown = BTreeSet::new();
        while let Some(Name(name)) = map.next_key()? {
            let new = match CLAIMS.iter().zip(&mut known).find(|(claim, _)| claim.name == name) {
                Some((claim, slot)) if claim.usage == ClaimUse::Ignored => {
                    map.next_value::<IgnoredAny>()?;
                    slot.replace(Value::Null).is_none()
                }
                Some((_, slot)) => slot.replace(map.next_value()?).is_none(),
                None => {
                    map.next_value::<IgnoredAny>()?;
                    unknown.insert(name.into_owned())
                }
            };
            if !new {
                return Err(A::Error::custom("a claim appears twice"));
            }
        }
        Ok(Payload { known, unknown: unknown.into_iter().collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_member_that_appears_twice_and_what_is_no_object() {
        let cases = [
            r#"{"ref":"a","ref":"a"}"#,
            r#"{"made_up":1,"made_up":2}"#,
            r#"{"groups_direct":[],"groups_direct":[]}"#,
            "[]",
            "null",
            "",
            "{} {}",
            r#"{"ref":"\ud800"}"#,
        ];
        for json in cases {
            assert!(Payload::parse(json.as_bytes()).is_none(), "{json}");
        }
    }

    #[test]
    fn refuses_bytes_that_are_no_text_even_where_it_does_not_read() {
        for json in [&b"{\"new_claim\":\"\xff\"}"[..], b"{\"groups_direct\":[\"\xc3\"]}", b"{\"ref\":\"\xff\"}"] {
            assert!(Payload::parse(json).is_none(), "{}", json.escape_ascii());
        }
    }

    #[test]
    fn reads_seconds_from_whole_numbers_alone() {
        for exp in ["1.5", "1e3", "-1", "\"1\"", "null", "[1]", "18446744073709551616", "true"] {
            let payload = Payload::parse(format!(r#"{{"exp":{exp}}}"#).as_bytes()).unwrap();
            assert_eq!(payload.seconds("exp"), None, "{exp}");
        }
    }

    #[test]
    fn counts_claims_it_does_not_know_by_name() {
        let payload = Payload::parse(br#"{"ref":"main","new_claim":{"deep":[1]},"user_login":null}"#).unwrap();
        assert_eq!(payload.unknown, ["new_claim"]);
        assert_eq!((payload.text("ref"), payload.get("user_login")), (Some("main"), None));
    }

    #[test]
    fn keeps_no_value_of_a_claim_on_which_nothing_may_rest() {
        let payload = Payload::parse(br#"{"groups_direct":["nordwind"],"target_audience":"x"}"#).unwrap();
        assert_eq!((payload.get("groups_direct"), payload.get("target_audience")), (None, None));
        assert!(payload.unknown.is_empty());
    }
}
