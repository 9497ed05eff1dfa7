use aws_config::SdkConfig;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_cloudwatchlogs::operation::filter_log_events::FilterLogEventsError;

use crate::admin::progress::Progress;
use crate::admin::trouble::Trouble;

/// CloudWatch picks the audit lines out of the functions' other lines.
const AUDIT_LINES: &str = r#"{ $.kind = "audit" }"#;

/// Hands over the audit lines of a group, page by page.
pub(super) async fn read(
    config: &SdkConfig,
    group: &str,
    from: u64,
    mut take: impl FnMut(&str),
) -> Result<(), Trouble> {
    let client = Client::new(config);
    let start = i64::try_from(from.saturating_mul(1_000)).unwrap_or(i64::MAX);
    let mut progress = Progress::new("read decisions:", 0);
    let mut next: Option<String> = None;
    loop {
        let request = client.filter_log_events().log_group_name(group).filter_pattern(AUDIT_LINES);
        let request = request.start_time(start).set_next_token(next.clone());
        let page = request.send().await.map_err(|fault| trouble(&fault, group))?;
        progress.step(page.events().len());
        page.events().iter().filter_map(|event| event.message()).for_each(&mut take);
        // A token that comes back as it was would be asked for forever.
        if page.next_token.is_none() || page.next_token == next {
            return Ok(());
        }
        next = page.next_token;
    }
}

fn trouble(fault: &SdkError<FilterLogEventsError>, group: &str) -> Trouble {
    let (code, message, help) = match fault.code() {
        Some("ResourceNotFoundException") => (
            "log_group_missing",
            format!("there is no log group `{group}`"),
            "check the name, the region and the account; the stack's output AuditLogGroup names it",
        ),
        Some(code) if code.contains("AccessDenied") || code.contains("UnrecognizedClient") => (
            "log_denied",
            format!("these credentials may not read the log group `{group}`"),
            "needed: logs:FilterLogEvents on it",
        ),
        Some(code) if code.contains("Throttling") || code == "LimitExceededException" => {
            ("log_throttled", "CloudWatch Logs is throttled".to_owned(), "try again in a while, or with less --since")
        }
        Some("InvalidParameterException") => {
            ("log_group_invalid", format!("CloudWatch Logs takes `{group}` for no log group"), "check the name")
        }
        _ => (
            "log_unreachable",
            "CloudWatch Logs could not be asked".to_owned(),
            "check the region, the network and AWS_ENDPOINT_URL",
        ),
    };
    Trouble::cannot_tell(code, message).with_help(help)
}
