//! Nothing runs without its log: why there is none, and what to do about it.

use std::io;

use super::cloudwatch::LogFault;
use super::job::JobIds;
use super::settings::LogSettings;
use crate::failure::{Explanation, Failure};

/// Brevet does not say whose session it is.
pub(super) fn no_job() -> Failure {
    let message = "Brevet's answer does not say whose session it is: there is no name for the log stream";
    Failure::misconfigured("log_stream_unknown", message, "deploy a newer Brevet")
}

/// This machine is out of something.
pub(super) fn no_pipe(fault: io::Error) -> Failure {
    Failure::unavailable("log_unavailable", format!("the output of the command cannot be copied: {fault}"))
}

/// CloudWatch did not take the first event.
pub(super) fn cannot_open(fault: LogFault, settings: &LogSettings, job: &JobIds) -> Failure {
    let (group, region, stream) = (&settings.group, &settings.region, job.stream());
    let place = format!("log stream `{stream}` of log group `{group}` in {region}");
    match fault {
        LogFault::Missing => Failure::misconfigured(
            "log_group_missing",
            format!(
                "there is no log group `{group}` in {region} in the account of the role; the command was not started"
            ),
            "deploy the group (a job must not: it would choose how long its own log is kept), or check --log-group and --log-region",
        ),
        LogFault::Denied(said) => Failure::Refused(
            Explanation::new(
                "log_denied",
                format!("the role may not write to the {place}; the command was not started: {said}"),
            )
            .with_help(
                "allow the role logs:CreateLogStream and logs:PutLogEvents on the job's own stream, and check --log-group: IAM \
                 refuses a group that does not exist, too",
            ),
        ),
        LogFault::Invalid(said) => {
            Failure::misconfigured("log_invalid", format!("the {place} takes no events: {said}"), "check --log-group")
        }
        LogFault::Unavailable(said) => Failure::unavailable(
            "log_unavailable",
            format!("{said}; the command was not started, as nothing runs without its log"),
        ),
    }
}
