//! The admin's own AWS access: the usual variables, profiles with keys or roles, web identity, and what containers and
//! instances are given. Single sign-on and `credential_process` are left to `aws configure export-credentials`: the
//! libraries for them would weigh on the functions' builds, too.

use std::fs;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials as _;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use url::Url;

use super::trouble::Trouble;
use crate::endpoint::is_loopback;
use crate::environment::Environment;

const CONNECT: Duration = Duration::from_secs(5);
const ATTEMPT: Duration = Duration::from_secs(20);

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
}

/// The SDK's configuration, with credentials that are there.
pub(crate) async fn config(region: Option<&str>, environment: &Environment) -> Result<SdkConfig, Trouble> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client(environment)?)
        .retry_config(RetryConfig::adaptive().with_max_attempts(6))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build());
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    let config = loader.load().await;
    if config.region().is_none() {
        let message = "nothing says in which region the table is";
        return Err(Trouble::refused("region_missing", message).with_help("set AWS_REGION, or give --region"));
    }
    let provider = config.credentials_provider().ok_or_else(|| no_credentials("there are no AWS credentials"))?;
    provider.provide_credentials().await.map_err(|fault| match fault {
        CredentialsError::CredentialsNotLoaded(_) => no_credentials("there are no AWS credentials"),
        _ => no_credentials("the AWS credentials that are set up here cannot be had"),
    })?;
    Ok(config)
}

/// Whose credentials these are.
pub(crate) async fn caller(config: &SdkConfig) -> Result<Caller, Trouble> {
    let answer = aws_sdk_sts::Client::new(config).get_caller_identity().send().await;
    let answer = answer.map_err(|fault| match fault.as_service_error() {
        Some(_) => no_credentials("AWS does not accept these credentials"),
        None => Trouble::cannot_tell("caller_unknown", "AWS STS could not be asked whose credentials these are")
            .with_help("check the region, the network and AWS_ENDPOINT_URL"),
    })?;
    match (answer.account, answer.arn) {
        (Some(account), Some(arn)) => Ok(Caller { account, arn }),
        _ => Err(Trouble::cannot_tell("caller_unknown", "AWS STS does not say whose credentials these are")),
    }
}

fn no_credentials(message: &str) -> Trouble {
    let help = "sign in as you do for the AWS CLI; for single sign-on: eval \"$(aws configure export-credentials --format env)\"";
    Trouble::cannot_tell("credentials_missing", message).with_help(help)
}

/// rustls on aws-lc, through the proxy of the network if there is one.
fn http_client(environment: &Environment) -> Result<SharedHttpClient, Trouble> {
    let times = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(ATTEMPT).build();
    let endpoint = environment.text("AWS_ENDPOINT_URL").and_then(|endpoint| Url::parse(endpoint).ok());
    let is_local = endpoint.is_some_and(|endpoint| is_loopback(&endpoint));
    let connector = Connector::builder()
        .connector_settings(times)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .proxy_config(if is_local { ProxyConfig::disabled() } else { ProxyConfig::from_env() })
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(trusted(environment)?)
        .build();
    let connector = SharedHttpConnector::new(connector);
    Ok(http_client_fn(move |_, _| connector.clone()))
}

/// The system's authorities (and those of `SSL_CERT_FILE`), and those of `AWS_CA_BUNDLE` beside them.
fn trusted(environment: &Environment) -> Result<TlsContext, Trouble> {
    let mut trusted = TrustStore::default();
    let path = environment.text("AWS_CA_BUNDLE");
    let unreadable = |fault: &str| {
        let message = format!("the certificates of AWS_CA_BUNDLE (`{}`) cannot be read: {fault}", path.unwrap_or(""));
        Trouble::refused("ca_bundle_invalid", message).with_help("name a PEM file, or unset AWS_CA_BUNDLE")
    };
    if let Some(path) = path {
        trusted.add_pem_certificate(fs::read(path).map_err(|fault| unreadable(&fault.to_string()))?);
    }
    TlsContext::builder().with_trust_store(trusted).build().map_err(|_| unreadable("it is not PEM"))
}
