//! CloudWatch Logs: one stream, and what it says when it does not take events.

use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Config};
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatchlogs::types::{InputLogEvent, RejectedLogEventsInfo};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};

use super::event::Record;
use super::redaction::Redactor;
use super::settings::LogSettings;

const CONNECT: Duration = Duration::from_secs(3);
const ATTEMPT: Duration = Duration::from_secs(10);

/// How much of AWS's explanations is shown.
const MESSAGE_CHARACTERS: usize = 500;

/// The stream of a job.
#[derive(Clone)]
pub(super) struct LogStream {
    client: Client,
    group: String,
    stream: String,
}

/// Why events were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LogFault {
    /// There is no such group, or, while it is written to, no such stream any more.
    #[error("CloudWatch Logs has no such log group or stream")]
    Missing,
    /// The role may not.
    #[error("CloudWatch Logs refuses: {0}")]
    Denied(String),
    /// CloudWatch takes these events at no time.
    #[error("CloudWatch Logs takes no such events: {0}")]
    Invalid(String),
    /// Try again.
    #[error("{0}")]
    Unavailable(String),
}

impl LogStream {
    pub(super) fn new(settings: &LogSettings, stream: &str, credentials: SharedCredentialsProvider) -> Self {
        let mut config = Config::builder();
        config.set_endpoint_url(settings.endpoint.clone());
        let config = config
            .behavior_version(BehaviorVersion::latest())
            .region(settings.region.clone())
            .use_fips(settings.fips)
            .use_dual_stack(settings.dual_stack)
            .credentials_provider(credentials)
            .http_client(http_client(settings))
            .retry_config(RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(200)))
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build())
            .build();
        Self { client: Client::from_conf(config), group: settings.group.clone(), stream: stream.to_owned() }
    }

    /// Writes the first event of a step, and makes the stream for it if no step of the job has done so before. The group
    /// is never made: its retention, its key and its readers are its owner's to choose.
    pub(super) async fn open(&self, first: Record) -> Result<(), LogFault> {
        match self.put(std::slice::from_ref(&first)).await {
            Err(LogFault::Missing) => {}
            written => return written.map(drop),
        }
        let request = self.client.create_log_stream().log_group_name(&self.group).log_stream_name(&self.stream);
        match request.send().await {
            Ok(_) => {}
            // Another step of the same job was faster.
            Err(fault) if fault.code() == Some("ResourceAlreadyExistsException") => {}
            Err(fault) => return Err(LogFault::of(&fault)),
        }
        self.put(&[first]).await.map(drop)
    }

    /// Writes events, oldest first, and tells how many lines among them CloudWatch has refused.
    pub(super) async fn put(&self, records: &[Record]) -> Result<u64, LogFault> {
        let events: Result<Vec<_>, _> = records
            .iter()
            .map(|record| InputLogEvent::builder().timestamp(record.timestamp).message(&record.message).build())
            .collect();
        let events = events.map_err(|fault| LogFault::Invalid(fault.to_string()))?;
        let request = self.client.put_log_events().log_group_name(&self.group).log_stream_name(&self.stream);
        let answer = request.set_log_events(Some(events)).send().await.map_err(|fault| LogFault::of(&fault))?;
        let refused = answer.rejected_log_events_info().map_or(0, |rejected| refused_lines(records, rejected));
        Ok(refused)
    }
}

impl LogFault {
    fn of<E: ProvideErrorMetadata>(fault: &SdkError<E>) -> Self {
        let said = || in_short(fault.message().unwrap_or("CloudWatch Logs does not say why"));
        match fault.code() {
            Some("ResourceNotFoundException") => Self::Missing,
            Some(
                "AccessDeniedException"
                | "AccessDenied"
                | "UnrecognizedClientException"
                | "InvalidClientTokenId"
                | "InvalidSignatureException"
                | "SignatureDoesNotMatch"
                | "ExpiredTokenException"
                | "ExpiredToken"
                | "IncompleteSignature"
                | "MissingAuthenticationToken"
                | "OptInRequired",
            ) => Self::Denied(said()),
            Some("InvalidParameterException" | "ValidationException" | "SerializationException") => {
                Self::Invalid(said())
            }
            Some(code) => Self::Unavailable(format!("CloudWatch Logs answers `{code}`")),
            None => Self::Unavailable(no_answer(fault).to_owned()),
        }
    }

    /// Whether nothing will change by waiting a little.
    pub(super) fn is_lasting(&self) -> bool {
        !matches!(self, Self::Unavailable(_))
    }
}

/// AWS's own words, which repeat a request's headers, the session token among them, when a signature is wrong.
fn in_short(message: &str) -> String {
    let printable = message.chars().map(|character| if character.is_control() { ' ' } else { character });
    let message: String = Redactor::default().redact(&printable.collect::<String>()).as_str().to_owned();
    message.chars().take(MESSAGE_CHARACTERS).collect()
}

fn no_answer<E>(fault: &SdkError<E>) -> &'static str {
    match fault {
        SdkError::TimeoutError(_) => "CloudWatch Logs does not answer in time",
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "CloudWatch Logs does not answer in time",
        SdkError::DispatchFailure(failure) if failure.is_io() => "CloudWatch Logs cannot be reached",
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => {
            "CloudWatch Logs cannot be asked: no connection, or no credentials"
        }
        _ => "CloudWatch Logs gives an answer that cannot be read",
    }
}

/// Too old or too new, by position: what comes before, and what comes after.
fn refused_lines(records: &[Record], rejected: &RejectedLogEventsInfo) -> u64 {
    let position = |index: Option<i32>| index.and_then(|index| usize::try_from(index).ok());
    let too_old =
        position(rejected.too_old_log_event_end_index()).max(position(rejected.expired_log_event_end_index()));
    let too_new = position(rejected.too_new_log_event_start_index()).unwrap_or(records.len());
    let is_refused = |index: usize| too_old.is_some_and(|end| index < end) || index >= too_new;
    let refused = records.iter().enumerate().filter(|(index, _)| is_refused(*index));
    refused.map(|(_, record)| record.lines).sum()
}

/// rustls on aws-lc, through the proxy of the network if there is one.
fn http_client(settings: &LogSettings) -> SharedHttpClient {
    let times = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(ATTEMPT).build();
    let proxy = if settings.is_local() { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
    let connector = Connector::builder()
        .connector_settings(times)
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .proxy_config(proxy)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(settings.tls.clone())
        .build();
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_, _| connector.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_says_about_a_signature_shows_no_session_token() {
        let token = format!("IQoJb3JpZ2luX2VjE{}", "aB0/".repeat(100));
        let said = format!("The Canonical String should have been\n'POST\n/\nx-amz-security-token:{token}\nx'");
        let shown = in_short(&said);
        assert!(
            shown.starts_with("The Canonical String should have been 'POST") && !shown.contains("aB0/aB0/"),
            "{shown}"
        );
    }

    #[test]
    fn lines_that_are_too_old_or_too_new_count_as_missing() {
        let record = |lines| Record { timestamp: 0, message: String::new(), lines };
        let records = [1, 1, 0, 1, 1, 1].map(record);
        let rejected = RejectedLogEventsInfo::builder;
        let cases = [
            (rejected(), 0),
            (rejected().too_old_log_event_end_index(1), 1),
            (rejected().expired_log_event_end_index(3), 2),
            (rejected().too_old_log_event_end_index(1).expired_log_event_end_index(2), 2),
            (rejected().too_new_log_event_start_index(4), 2),
            (rejected().too_old_log_event_end_index(1).too_new_log_event_start_index(5), 2),
            (rejected().too_new_log_event_start_index(-1), 0),
        ];
        for (rejected, lines) in cases {
            let rejected = rejected.build();
            assert_eq!(refused_lines(&records, &rejected), lines, "{rejected:?}");
        }
    }
}
