//! Where the log goes: what was asked for, and what every AWS tool reads from the environment.

use std::fs;
use std::time::Duration;

use aws_sdk_cloudwatchlogs::config::Region;
use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use url::Url;

use crate::endpoint::is_loopback;
use crate::environment::Environment;
use crate::failure::Failure;

/// What `brevet exec` is asked for about its log.
#[derive(Clone, Debug)]
pub(crate) struct LogOptions {
    /// The log group; it exists already.
    pub(crate) group: String,
    /// Its region, if it is not the job's own.
    pub(crate) region: Option<String>,
    /// For how long the end of the log may be waited for after the command is over.
    pub(crate) flush: Duration,
}

/// The options made whole.
pub(super) struct LogSettings {
    pub(super) group: String,
    pub(super) region: Region,
    pub(super) flush: Duration,
    pub(super) endpoint: Option<String>,
    pub(super) fips: bool,
    pub(super) dual_stack: bool,
    pub(super) tls: TlsContext,
}

impl LogSettings {
    pub(super) fn new(options: LogOptions, environment: &Environment) -> Result<Self, Failure> {
        let LogOptions { group, region, flush } = options;
        if !is_group_name(&group) {
            return Err(Failure::usage("log_group_invalid", format!("`{group}` is not the name of a log group")));
        }
        let region = region
            .or_else(|| ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| text(environment, name)));
        let Some(region) = region.filter(|region| is_region(region)) else {
            return Err(Failure::misconfigured(
                "log_region_missing",
                format!("nothing says in which region the log group `{group}` is"),
                "set AWS_REGION, or give --log-region",
            ));
        };
        let is_set = |name: &str| text(environment, name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let ignore_endpoints = is_set("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        let names = ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "AWS_ENDPOINT_URL"];
        Ok(Self {
            group,
            region: Region::new(region),
            flush,
            endpoint: names.into_iter().filter(|_| !ignore_endpoints).find_map(|name| text(environment, name)),
            fips: is_set("AWS_USE_FIPS_ENDPOINT"),
            dual_stack: is_set("AWS_USE_DUALSTACK_ENDPOINT"),
            tls: trusted(environment)?,
        })
    }

    /// Whether CloudWatch is played by something on this machine, which no proxy of the network can reach.
    pub(super) fn is_local(&self) -> bool {
        self.endpoint.as_deref().and_then(|endpoint| Url::parse(endpoint).ok()).is_some_and(|url| is_loopback(&url))
    }
}

fn text(environment: &Environment, name: &str) -> Option<String> {
    environment.text(name).map(str::to_owned)
}

/// The system's authorities (and those of `SSL_CERT_FILE`), and those of `AWS_CA_BUNDLE` beside them.
fn trusted(environment: &Environment) -> Result<TlsContext, Failure> {
    let mut trusted = TrustStore::default();
    if let Some(path) = environment.text("AWS_CA_BUNDLE") {
        let pem = fs::read(path).map_err(|fault| bad_bundle(path, &fault.to_string()))?;
        trusted.add_pem_certificate(pem);
    }
    let context = TlsContext::builder().with_trust_store(trusted).build();
    context.map_err(|_| bad_bundle(environment.text("AWS_CA_BUNDLE").unwrap_or_default(), "it is not PEM"))
}

fn bad_bundle(path: &str, fault: &str) -> Failure {
    let message = format!("the certificates of AWS_CA_BUNDLE (`{path}`) cannot be read: {fault}");
    Failure::misconfigured("ca_bundle_invalid", message, "name a PEM file, or unset AWS_CA_BUNDLE")
}

/// CloudWatch's own rule, `[\.\-_/#A-Za-z0-9]+` up to 512.
fn is_group_name(name: &str) -> bool {
    (1..=512).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_/#".contains(&byte))
}

/// It becomes a part of a host name.
fn is_region(region: &str) -> bool {
    !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(group: &str, region: Option<&str>, environment: &[(&str, &str)]) -> Result<LogSettings, Failure> {
        let environment = environment.iter().copied().collect();
        let region = region.map(str::to_owned);
        LogSettings::new(LogOptions { group: group.to_owned(), region, flush: Duration::ZERO }, &environment)
    }

    #[test]
    fn refuses_what_cannot_name_a_log_group_or_a_region() {
        let region = [("AWS_REGION", "eu-west-1")];
        for group in ["", "a b", "arn:aws:logs:eu-west-1:1:log-group:x", "x*", &"x".repeat(513)] {
            assert_eq!(settings(group, None, &region).err().unwrap().code(), "log_group_invalid", "{group}");
        }
        for region in [vec![], vec![("AWS_REGION", "eu-west-1.evil.example/")], vec![("AWS_REGION", "")]] {
            assert_eq!(settings("/a", None, &region).err().unwrap().code(), "log_region_missing", "{region:?}");
        }
        assert_eq!(settings("/a", Some(""), &[]).err().unwrap().code(), "log_region_missing");
        let bundle = [("AWS_REGION", "eu-west-1"), ("AWS_CA_BUNDLE", "/nowhere")];
        assert_eq!(settings("/a", None, &bundle).err().unwrap().code(), "ca_bundle_invalid");
    }

    #[test]
    fn takes_region_and_endpoint_from_where_other_tools_do() {
        let region = |asked, variables: &[(&str, &str)]| settings("/a", asked, variables).unwrap().region.to_string();
        let (one, two) = (("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2"));
        assert_eq!(region(Some("eu-west-3"), &[one, two]), "eu-west-3");
        assert_eq!(region(None, &[one, two]), "eu-west-1");
        assert_eq!(region(None, &[two]), "eu-west-2");

        let endpoint = |variables: &[(&str, &str)]| settings("/a", Some("eu-west-1"), variables).unwrap().endpoint;
        let (all, logs) = (("AWS_ENDPOINT_URL", "https://all"), ("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "https://logs"));
        assert_eq!(endpoint(&[all, logs]).unwrap(), "https://logs");
        assert_eq!(endpoint(&[all]).unwrap(), "https://all");
        assert_eq!(endpoint(&[all, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]), None);
    }
}
