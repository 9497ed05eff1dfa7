//! Where Brevet is.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::environment::Environment;
use crate::failure::Failure;

/// The base of Brevet's API: `https`, or `http` on this very machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint(Url);

impl Endpoint {
    /// What was asked for: `--endpoint`, `BREVET_URL`, or the address that the SDKs use.
    pub(crate) fn find(asked: Option<&str>, environment: &Environment) -> Result<Self, Failure> {
        if let Some(text) = asked {
            return Self::parse(text).ok_or_else(|| unusable("--endpoint", text));
        }
        if let Some(text) = environment.text("BREVET_URL") {
            return Self::parse(text).ok_or_else(|| unusable("BREVET_URL", text));
        }
        let Some(text) = environment.text("AWS_CONTAINER_CREDENTIALS_FULL_URI") else {
            return Err(Failure::misconfigured(
                "endpoint_missing",
                "nothing says where Brevet is",
                "set BREVET_URL (or --endpoint) to the address of Brevet's API, such as https://credentials.example.com",
            ));
        };
        let derived = text.contains("/credentials").then(|| Self::parse(text)).flatten();
        derived.ok_or_else(|| unusable("AWS_CONTAINER_CREDENTIALS_FULL_URI", text))
    }

    /// Reads a base address; `/credentials` and what follows it is cut off.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut url = Url::parse(text.trim()).ok()?;
        if !is_safe(&url) {
            return None;
        }
        url.set_query(None);
        let path = url.path();
        let base = path.rfind("/credentials").filter(|&at| is_route(path.get(at..).unwrap_or_default()));
        let base = base.and_then(|at| path.get(..at)).unwrap_or(path).trim_end_matches('/').to_owned();
        url.set_path(&base);
        Some(Self(url))
    }

    /// The address of one of Brevet's routes, such as `/whoami`.
    pub(crate) fn route(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }

    /// Whether it is on this machine, where no proxy belongs in between.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address.
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Whether a secret may be sent there: `https`, or `http` on loopback, and no password in the address.
pub(crate) fn is_safe(url: &Url) -> bool {
    let transport = match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(url),
        _ => false,
    };
    transport && url.username().is_empty() && url.password().is_none() && url.fragment().is_none()
}

/// Whether a host is this very machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// `/credentials` and `/credentials/NAME`.
fn is_route(rest: &str) -> bool {
    rest.strip_prefix("/credentials").is_some_and(|name| name.is_empty() || name.starts_with('/'))
}

fn unusable(place: &str, text: &str) -> Failure {
    // The address is the user's own, but somebody may have put a password into it.
    let shown = Url::parse(text).ok().and_then(|url| Some(format!("{}://{}", url.scheme(), url.host_str()?)));
    let shown = shown.map_or_else(|| "what it holds".to_owned(), |shown| format!("`{shown}`"));
    Failure::misconfigured(
        "endpoint_invalid",
        format!("{place} is not the address of Brevet: {shown} is no plain https address of its API"),
        "set BREVET_URL to an address such as https://credentials.example.com; http is for this machine alone",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_addresses_a_token_must_not_be_sent_to() {
        let cases = [
            "",
            "credentials.example.com",
            "http://credentials.example.com",
            "http://169.254.170.23/v1/credentials",
            "http://localhost.evil.example",
            "ftp://credentials.example.com",
            "https://user:secret@credentials.example.com",
            "https://credentials.example.com#x",
            "$BREVET_URL",
        ];
        for text in cases {
            assert_eq!(Endpoint::parse(text), None, "{text}");
        }
    }

    #[test]
    fn cuts_the_address_of_the_sdks_down_to_its_base() {
        let cases = [
            ("https://c.example.com", "https://c.example.com"),
            ("https://c.example.com/", "https://c.example.com"),
            ("https://c.example.com/v1/", "https://c.example.com/v1"),
            ("https://c.example.com/v1/credentials?role=deploy", "https://c.example.com/v1"),
            ("https://c.example.com/credentials/deploy", "https://c.example.com"),
            ("https://c.example.com/credentials-api/v1", "https://c.example.com/credentials-api/v1"),
            ("http://127.0.0.1:8790/credentials?role=deploy", "http://127.0.0.1:8790"),
            (" https://c.example.com\n", "https://c.example.com"),
        ];
        for (text, base) in cases {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), base, "{text}");
        }
        let stage = Endpoint::parse("https://x.execute-api.eu-west-1.amazonaws.com/v1/credentials").unwrap();
        assert_eq!(stage.route("/whoami").as_str(), "https://x.execute-api.eu-west-1.amazonaws.com/v1/whoami");
    }

    #[test]
    fn asks_the_argument_first_then_its_own_variable_then_that_of_the_sdks() {
        let sdk = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://sdk.example.com/credentials?role=x");
        let own = ("BREVET_URL", "https://own.example.com");
        let both: Environment = [sdk, own].into_iter().collect();
        let one: Environment = [sdk].into_iter().collect();
        let find = |asked, environment| Endpoint::find(asked, environment).unwrap().to_string();
        assert_eq!(find(Some("https://asked.example.com"), &both), "https://asked.example.com");
        assert_eq!(find(None, &both), "https://own.example.com");
        assert_eq!(find(None, &one), "https://sdk.example.com");
        assert_eq!(Endpoint::find(None, &Environment::default()).unwrap_err().code(), "endpoint_missing");
    }

    #[test]
    fn takes_no_other_credential_endpoint_for_brevet() {
        for uri in ["http://169.254.170.23/v1/credentials", "http://127.0.0.1:4000/session"] {
            let environment = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)].into_iter().collect();
            assert_eq!(Endpoint::find(None, &environment).unwrap_err().code(), "endpoint_invalid", "{uri}");
        }
    }

    #[test]
    fn shows_no_password_of_an_address() {
        let failure = Endpoint::find(Some("https://user:hunter2@c.example.com"), &Environment::default()).unwrap_err();
        assert!(!failure.in_words().contains("hunter2"), "{}", failure.in_words());
    }
}
