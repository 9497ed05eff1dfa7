//! One entry of the array, member by member, so that all of its faults are found at once.

use std::fmt;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::url::{is_fetchable, is_issuer};
use super::{Issuer, KeySource};
use crate::algorithm::Algorithm;
use crate::key_set::KeySet;

const DEFAULT_MAX_AGE: u64 = 3_600;
const DEFAULT_MAX_LIFETIME: u64 = 86_400;

/// GitLab lets no job run for longer than a month.
const LONGEST: u64 = 31 * 86_400;

/// The members of an object in order, repeated ones included.
pub(super) struct Members(Vec<(String, Value)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// What has been read of an entry so far.
#[derive(Default)]
struct Draft {
    issuer: Option<String>,
    audiences: Option<Vec<String>>,
    jwks_uri: Option<String>,
    jwks: Option<KeySet>,
    algorithms: Option<Vec<Algorithm>>,
    ca_bundle_pem: Option<String>,
    max_age: Option<u64>,
    max_lifetime: Option<u64>,
}

/// Reads an entry; the issuer is there when there is no fault.
pub(super) fn read(members: Members) -> (Option<Issuer>, Vec<String>) {
    let mut draft = Draft::default();
    let mut faults = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (name, value) in members.0 {
        if names.contains(&name) {
            faults.push(format!("`{name}` appears twice"));
            continue;
        }
        if let Err(fault) = draft.take(&name, &value) {
            faults.push(format!("`{name}` {fault}"));
        }
        names.push(name);
    }
    for required in ["issuer", "audiences"] {
        if !names.iter().any(|name| name == required) {
            faults.push(format!("`{required}` is missing"));
        }
    }
    let issuer = if faults.is_empty() { draft.finish() } else { None };
    (issuer, faults)
}

impl Draft {
    fn take(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match name {
            "issuer" => {
                let text = value.as_str().filter(|text| is_issuer(text));
                let text =
                    text.ok_or("must be an https URL without wildcard, query or user, as GitLab writes it in `iss`")?;
                self.issuer = Some(text.to_owned());
            }
            "audiences" => self.audiences = Some(audiences(value)?),
            "jwks_uri" => {
                let text = value.as_str().filter(|text| is_fetchable(text)).ok_or("must be an https URL")?;
                self.jwks_uri = Some(text.to_owned());
            }
            "jwks" => self.jwks = key_set(value)?,
            "algorithms" => self.algorithms = Some(algorithms(value)?),
            "ca_bundle_pem" => self.ca_bundle_pem = Some(ca_bundle(value)?),
            "max_token_age_seconds" => self.max_age = Some(seconds(value)?),
            "max_token_lifetime_seconds" => self.max_lifetime = Some(seconds(value)?),
            _ => return Err("is not a member of an issuer's entry".to_owned()),
        }
        Ok(())
    }

    fn finish(self) -> Option<Issuer> {
        let issuer = self.issuer?;
        let discovery = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let keys = match (self.jwks, self.jwks_uri) {
            (Some(keys), _) => KeySource::Static(keys),
            (None, Some(uri)) => KeySource::JwksUri(uri),
            (None, None) => KeySource::Discovery(discovery),
        };
        Some(Issuer {
            issuer,
            audiences: self.audiences?,
            keys,
            algorithms: self.algorithms.unwrap_or_else(|| vec![Algorithm::Rs256]),
            ca_bundle_pem: self.ca_bundle_pem,
            max_token_age_seconds: self.max_age.unwrap_or(DEFAULT_MAX_AGE),
            max_token_lifetime_seconds: self.max_lifetime.unwrap_or(DEFAULT_MAX_LIFETIME),
        })
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?;
    let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
    let texts = texts?;
    let mut unique = texts.clone();
    unique.sort_unstable();
    unique.dedup();
    (!texts.is_empty() && unique.len() == texts.len()).then_some(texts)
}

fn audiences(value: &Value) -> Result<Vec<String>, String> {
    let plain = |texts: &Vec<String>| {
        texts.iter().all(|text| !text.trim().is_empty() && text.trim() == text && !text.contains('*'))
    };
    strings(value)
        .filter(plain)
        .ok_or_else(|| "must be a list of different non-empty strings without wildcards".to_owned())
}

fn algorithms(value: &Value) -> Result<Vec<Algorithm>, String> {
    let names = strings(value).ok_or("must be a list of different algorithm names")?;
    let unknown = || "has one that cannot be used; choose from RS256 to PS512, ES256, ES384 and EdDSA".to_owned();
    names.iter().map(|name| Algorithm::parse(name).ok_or_else(unknown)).collect()
}

/// An empty set counts as not given, so that a template can carry the member.
fn key_set(value: &Value) -> Result<Option<KeySet>, String> {
    let keys =
        value.get("keys").and_then(Value::as_array).ok_or("must be a JSON Web Key Set: an object with `keys`")?;
    if keys.is_empty() {
        return Ok(None);
    }
    KeySet::parse(value.to_string().as_bytes()).map(Some).map_err(|fault| format!("cannot be used: {fault}"))
}

/// Every certificate must be one that can be trusted: the TLS library accepts no other, and finds out too late.
fn ca_bundle(value: &Value) -> Result<String, String> {
    let pem = value.as_str().unwrap_or_default();
    let certificates: Result<Vec<CertificateDer<'_>>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let usable = |certificates: &Vec<CertificateDer<'_>>| {
        !certificates.is_empty() && certificates.iter().all(|der| webpki::anchor_from_trusted_cert(der).is_ok())
    };
    let fault = || "must hold PEM certificates, each of an authority that can be trusted".to_owned();
    certificates.ok().filter(usable).map(|_| pem.to_owned()).ok_or_else(fault)
}

fn seconds(value: &Value) -> Result<u64, String> {
    let seconds = value.as_u64().filter(|seconds| (1..=LONGEST).contains(seconds));
    seconds.ok_or_else(|| format!("must be a whole number of seconds from 1 to {LONGEST}"))
}
