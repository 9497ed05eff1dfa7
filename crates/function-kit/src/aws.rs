use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};

use crate::https::Https;

/// One attempt at DynamoDB or STS; the request's budget bounds the whole.
const ATTEMPT: Duration = Duration::from_millis(900);

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

/// Opens a connection to a service and leaves it in the pool, by an unsigned `GET /`. That is not a call of its API:
/// it carries no credentials and no data. Whether it succeeds is of no interest.
pub async fn ping(https: &Https, endpoint: &str) {
    let _ = https.get(endpoint, 64 * 1024).await;
}
