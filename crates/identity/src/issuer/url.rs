use std::net::IpAddr;

use url::{Host, Url};

/// The issuer without scheme and closing slash.
pub(crate) fn scope_root(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// Whether keys may be fetched from this address: `https`, or `http` on this very machine, and nothing hidden in it.
pub(crate) fn is_fetchable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let transport = match url.scheme() {
        "https" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    transport && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

/// Whether this can be an issuer: as above, without a query, and spelled as the URL standard would spell it, so that
/// no second spelling of the same address exists.
pub(super) fn is_issuer(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let spelling = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
    is_fetchable(text) && url.query().is_none() && spelling && !text.contains('*')
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_issuers_that_are_not_plain_https_addresses() {
        let refused = [
            "",
            "gitlab.example.com",
            "http://gitlab.example.com",
            "ftp://gitlab.example.com",
            "https://",
            "https://*.example.com",
            "https://gitlab.example.com?x=1",
            "https://gitlab.example.com#x",
            "https://user@gitlab.example.com",
            "https://user:secret@gitlab.example.com",
            "HTTPS://gitlab.example.com",
            "https://GitLab.example.com",
            "https://gitlab.example.com:443",
            " https://gitlab.example.com",
            "https://gitlab.example.com/a/../b",
            "https://gıtlab.example.com",
            "http://localhost.evil.example",
            "http://169.254.169.254",
        ];
        for text in refused {
            assert!(!is_issuer(text), "{text:?}");
        }
    }

    #[test]
    fn takes_instances_with_port_path_closing_slash_or_on_loopback() {
        let accepted = [
            "https://gitlab.com",
            "https://gitlab.example.com:8443",
            "https://tools.example.com/gitlab",
            "https://oidc.example.com/",
            "http://localhost:8929",
            "http://127.0.0.1:8929",
            "http://[::1]:8929",
        ];
        for text in accepted {
            assert!(is_issuer(text), "{text:?}");
        }
    }

    #[test]
    fn names_scopes_without_scheme_and_closing_slash() {
        assert_eq!(scope_root("https://oidc.example.com/"), "oidc.example.com");
        assert_eq!(scope_root("http://localhost:8929"), "localhost:8929");
        assert_eq!(scope_root("https://tools.example.com/gitlab"), "tools.example.com/gitlab");
    }
}
