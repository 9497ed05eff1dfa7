use std::time::Duration;

use crate::settings::Reader;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};

use crate::https::Https;

/// One attempt at DynamoDB or STS: two fit into a request's budget, for the connection that died while Lambda slept.
const ATTEMPT: Duration = Duration::from_millis(600);

/// What is made ready before the first request may hold it up this long; the rest goes on beside it.
const PREPARATION: Duration = Duration::from_millis(900);

/// Configuration of the AWS clients: the function's own region and credentials, which Lambda puts into the environment,
/// and the shared connector. No profile, metadata service or process is asked.
pub async fn aws_config(https: &Https) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(https.sdk_client())
        .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(50)))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build())
        .load()
        .await
}

/// Where AWS services are: at `AWS_ENDPOINT_URL_<SERVICE>` or `AWS_ENDPOINT_URL`, which the SDK reads too, otherwise in
/// the function's own region.
pub fn service_endpoints(reader: &Reader<'_>, services: &[&str]) -> Vec<String> {
    let endpoint = |service: &&str| {
        let own = reader.optional(&format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()));
        own.or_else(|| reader.optional("AWS_ENDPOINT_URL")).or_else(|| {
            let region = reader.optional("AWS_REGION")?;
            let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
            Some(format!("https://{service}.{region}.{suffix}"))
        })
    };
    services.iter().filter_map(endpoint).collect()
}

/// Fetches keys and opens connections side by side, so that the first request need not. What does not answer soon is
/// left for later: a GitLab that is down keeps no function from starting.
pub async fn prepare(keys: impl Future<Output = ()>, https: &Https, endpoints: &[String]) {
    let mut connections = tokio::task::JoinSet::new();
    for endpoint in endpoints {
        let (https, endpoint) = (https.clone(), endpoint.clone());
        connections.spawn(async move { open_connection(&https, &endpoint).await });
    }
    let everything = async { tokio::join!(keys, connections.join_all()) };
    let _ = tokio::time::timeout(PREPARATION, everything).await;
}

/// Opens a connection to a service and leaves it in the pool, by an unsigned `GET /`. That is not a call of its API:
/// it carries no credentials and no data. Whether it succeeds is of no interest.
async fn open_connection(https: &Https, endpoint: &str) {
    let _ = https.get(endpoint, 64 * 1024).await;
}
