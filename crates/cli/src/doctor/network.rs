//! The way to Brevet: name, connection, TLS, clock.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Response;
use reqwest::header::DATE;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::claims::UnverifiedClaims;
use super::report::{Broken, Found};
use crate::brevet::Brevet;
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::failure::Failure;

/// For the name, and for each attempt to connect.
const PATIENCE: Duration = Duration::from_secs(3);
/// AWS refuses signatures that are five minutes off.
const TOLERABLE_SECONDS: i64 = 240;
/// A question that Brevet refuses, and only once it has accepted the token: no mapping is read for it, no role asked.
const HARMLESS_QUESTION: &str = "/credentials?format=doctor";

/// The variable that sends requests through a proxy, if one does.
pub(super) fn proxy(endpoint: &Endpoint, environment: &Environment) -> Option<&'static str> {
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    names.into_iter().find(|name| !endpoint.is_loopback() && environment.text(name).is_some())
}

/// Whether the name has an address.
pub(super) async fn name(endpoint: &Endpoint, proxy: Option<&str>) -> Result<Found<Vec<SocketAddr>>, Broken> {
    if let Some(variable) = proxy {
        return Ok(Found::new(Vec::new(), format!("left to the proxy of {variable}")));
    }
    let host = endpoint.url().host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = endpoint.url().port_or_known_default().unwrap_or(443);
    let found = timeout(PATIENCE, lookup_host((host, port))).await;
    let addresses: Vec<SocketAddr> = found.ok().and_then(Result::ok).into_iter().flatten().collect();
    let Some(first) = addresses.first() else {
        let message = format!("nobody knows an address of `{host}`");
        let help = "check the spelling of BREVET_URL, and whether this runner's network resolves the name";
        return Err(Failure::misconfigured("name_unknown", message, help).into());
    };
    let says = format!("{host} is at {}", first.ip());
    Ok(Found::new(addresses, says))
}

/// Whether anybody listens there.
pub(super) async fn connection(addresses: &[SocketAddr], proxy: Option<&str>) -> Result<Found<()>, Broken> {
    if let Some(variable) = proxy {
        return Ok(Found::new((), format!("left to the proxy of {variable}")));
    }
    let mut last = "there is no address".to_owned();
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(Found::new((), format!("{address} takes connections"))),
            Ok(Err(fault)) => last = format!("{address}: {fault}"),
            Err(_) => last = format!("{address} does not answer"),
        }
    }
    let help = "check the port in BREVET_URL, security groups and firewalls; behind a proxy, set HTTPS_PROXY";
    let failure = Failure::unavailable("unreachable", format!("no connection comes about: {last}"));
    Err(failure.with_help(help).into())
}

/// Whether it proves to be who it is said to be, and answers.
pub(super) async fn tls(brevet: &Brevet) -> Result<Found<Response>, Broken> {
    let response = brevet.get(HARMLESS_QUESTION).await?;
    let says = if brevet.endpoint().url().scheme() == "http" {
        "none: plain http on this machine".to_owned()
    } else {
        "a certificate for this name, of a trusted authority".to_owned()
    };
    Ok(Found::new(response, says))
}

/// Whether both sides agree on the time.
pub(super) fn clock(response: &Response, claims: &UnverifiedClaims) -> Result<Found<()>, Broken> {
    let date = response.headers().get(DATE).and_then(|value| value.to_str().ok());
    // `GMT` is what HTTP says, and what RFC 2822 calls obsolete.
    let date = date.and_then(|text| OffsetDateTime::parse(&text.replace("GMT", "+0000"), &Rfc2822).ok());
    let Some(there) = date else { return Ok(Found::new((), "the other side does not tell its time")) };
    compare(there, OffsetDateTime::now_utc(), claims)
}

fn compare(there: OffsetDateTime, here: OffsetDateTime, claims: &UnverifiedClaims) -> Result<Found<()>, Broken> {
    let off = (here - there).whole_seconds();
    if off.abs() > TOLERABLE_SECONDS {
        let way = if off > 0 { "ahead" } else { "behind" };
        let message = format!("the clock of this machine is {} s {way}; AWS refuses what is signed by it", off.abs());
        return Err(Failure::misconfigured("clock_wrong", message, "set the runner's clock (NTP)").into());
    }
    let left = claims.seconds("exp").map(|exp| exp - there.unix_timestamp());
    let token = match left {
        Some(left) if left > 0 => format!("the token is valid for another {} min", left / 60),
        Some(left) => format!("the token expired {} s ago", -left),
        None => "the token does not say when it expires".to_owned(),
    };
    Ok(Found::new((), format!("both clocks agree to {} s; {token}", off.abs())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::IdToken;

    #[test]
    fn minds_a_clock_that_aws_would_mind() {
        let claims = UnverifiedClaims::read(&IdToken::parse("e30.e30.e30").unwrap()).unwrap();
        let now = OffsetDateTime::now_utc();
        for (seconds, well) in [(0, true), (239, true), (-239, true), (241, false), (-241, false), (86_400, false)] {
            let there = now - time::Duration::seconds(seconds);
            assert_eq!(compare(there, now, &claims).is_ok(), well, "{seconds}");
        }
    }
}
