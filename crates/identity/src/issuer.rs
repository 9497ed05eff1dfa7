//! Whom to believe: the entries of `TRUSTED_ISSUERS`, checked once at cold start.

mod entry;
mod url;

use std::collections::BTreeSet;
use std::fmt;

use crate::algorithm::Algorithm;
use crate::key_set::KeySet;

pub(crate) use self::url::is_fetchable;
pub(crate) use self::url::scope_root;

/// One trusted issuer.
#[derive(Clone)]
pub struct Issuer {
    /// Compared with `iss` byte for byte.
    pub issuer: String,
    /// Compared with `aud` byte for byte; any one of them.
    pub audiences: Vec<String>,
    /// Where its keys are.
    pub keys: KeySource,
    /// What it may sign with.
    pub algorithms: Vec<Algorithm>,
    /// PEM certificates to trust beside the public ones when its keys are fetched.
    pub ca_bundle_pem: Option<String>,
    /// The most that `now - iat` may be, in seconds.
    pub max_token_age_seconds: u64,
    /// The most that `exp - iat` may be, in seconds.
    pub max_token_lifetime_seconds: u64,
}

/// Where an issuer's keys come from, in order of preference.
#[derive(Clone)]
pub enum KeySource {
    /// Given in the configuration: for a GitLab that AWS cannot reach.
    Static(KeySet),
    /// A key set at this address.
    JwksUri(String),
    /// The `jwks_uri` of the discovery document (OpenID Connect Discovery 1.0, section 4) at this address.
    Discovery(String),
}

/// Everything that is wrong with a list of issuers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerFaults(pub Vec<String>);

impl fmt::Display for IssuerFaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for IssuerFaults {}

/// Reads the JSON array of `TRUSTED_ISSUERS`, or names every fault in it.
pub fn parse_issuers(json: &str) -> Result<Vec<Issuer>, IssuerFaults> {
    let entries: Vec<entry::Members> = serde_json::from_str(json)
        .map_err(|fault| IssuerFaults(vec![format!("not a JSON array of objects: {}", position_of(&fault))]))?;
    let mut faults = Vec::new();
    if entries.is_empty() {
        faults.push("no issuer is listed".to_owned());
    }
    let mut issuers = Vec::new();
    for (index, members) in entries.into_iter().enumerate() {
        let (issuer, entry_faults) = entry::read(members);
        faults.extend(entry_faults.into_iter().map(|fault| format!("[{index}] {fault}")));
        issuers.extend(issuer);
    }
    faults.extend(confusable_issuers(&issuers));
    if faults.is_empty() { Ok(issuers) } else { Err(IssuerFaults(faults)) }
}

/// The position alone: the text around it may hold anything somebody pasted.
fn position_of(fault: &serde_json::Error) -> String {
    format!("line {}, column {}", fault.line(), fault.column())
}

/// Two issuers whose scopes could be confused would grant each other's rows.
fn confusable_issuers(issuers: &[Issuer]) -> Vec<String> {
    let roots: Vec<&str> = issuers.iter().map(|issuer| scope_root(&issuer.issuer)).collect();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for root in &roots {
        if !seen.insert(root) {
            faults.push(format!("issuer `{root}` is listed twice"));
        }
        for other in &roots {
            let inside = other
                .strip_prefix(root)
                .is_some_and(|rest| ["/project/", "/namespace/", "/group/"].iter().any(|word| rest.starts_with(word)));
            if inside {
                faults.push(format!("issuer `{other}` looks like a scope of issuer `{root}`"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
