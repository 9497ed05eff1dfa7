use std::collections::BTreeSet;

use brevet_identity::{Issuer, KeySource, parse_issuers};
use url::Url;

const MONTH: u64 = 31 * 86_400;

/// `TRUSTED_ISSUERS`: either faults, or issuers that are plain https addresses, each named once, with audiences and limits.
pub fn issuers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match parse_issuers(text) {
        Err(faults) => assert!(!faults.0.is_empty(), "refused without a reason"),
        Ok(issuers) => {
            assert!(!issuers.is_empty(), "nobody is trusted");
            issuers.iter().for_each(check);
            let roots: BTreeSet<&str> = issuers.iter().map(|issuer| root(&issuer.issuer)).collect();
            assert_eq!(roots.len(), issuers.len(), "two issuers have the same scopes");
        }
    }
}

fn check(issuer: &Issuer) {
    assert_address(&issuer.issuer);
    assert!(!issuer.issuer.contains(['*', '?', '#', '@', ' ', '\\']), "{}", issuer.issuer);
    assert_eq!(issuer.issuer, issuer.issuer.trim());
    let host = root(&issuer.issuer).split('/').next().unwrap_or_default();
    assert_eq!(host, host.to_ascii_lowercase(), "a host in capitals is never equal to itself elsewhere");
    assert!(!issuer.audiences.is_empty() && !issuer.algorithms.is_empty());
    for audience in &issuer.audiences {
        assert!(!audience.is_empty() && audience.trim() == audience && !audience.contains('*'), "{audience:?}");
    }
    assert!((1..=MONTH).contains(&issuer.max_token_age_seconds));
    assert!((1..=MONTH).contains(&issuer.max_token_lifetime_seconds));
    match &issuer.keys {
        KeySource::Static(_) => {}
        KeySource::JwksUri(address) => assert_address(address),
        KeySource::Discovery(address) => {
            assert_address(address);
            assert!(address.starts_with(issuer.issuer.trim_end_matches('/')), "another's discovery document");
        }
    }
}

fn assert_address(address: &str) {
    let url = Url::parse(address).unwrap_or_else(|fault| panic!("{address}: {fault}"));
    let host = url.host_str().unwrap_or_default();
    let loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    assert!(url.scheme() == "https" || (url.scheme() == "http" && loopback), "{address}");
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none(), "{address}");
}

fn root(issuer: &str) -> &str {
    let rest = issuer.strip_prefix("https://").or_else(|| issuer.strip_prefix("http://")).unwrap_or(issuer);
    rest.strip_suffix('/').unwrap_or(rest)
}
