//! The log of the step, for as long as the command runs.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::keeper::SessionKeeper;
use super::process::NotStarted;
use crate::command_line::Exec;
use crate::environment::Environment;
use crate::failure::{EXIT_LOG_INCOMPLETE, Failure};
use crate::output;
use crate::step_log::{Completeness, Ending, LogOptions, Step, StepLog};

/// The log, if one is asked for. Then nothing runs without it.
pub(super) async fn open(
    arguments: &Exec,
    environment: &Environment,
    keeper: &Arc<SessionKeeper>,
) -> Result<Option<StepLog>, Failure> {
    let Some(group) = arguments.log.log_group.as_deref().or_else(|| environment.text("BREVET_LOG_GROUP")) else {
        return Ok(None);
    };
    let options = LogOptions {
        group: group.to_owned(),
        region: arguments.log.log_region.clone(),
        flush: Duration::from_secs(arguments.log.log_flush_seconds),
    };
    let session = keeper.session().await?;
    let step = Step { session: &session, command: &arguments.command, environment };
    let credentials = SharedCredentialsProvider::new(Credentials(Arc::clone(keeper)));
    let log = StepLog::open(options, step, credentials, keeper.redactor()).await?;
    output::say(&format!("brevet: log: {}", log.console_url()));
    Ok(Some(log))
}

/// Where the command writes: to the job's own outputs, by way of the log if there is one.
pub(super) fn outputs(log: Option<&mut StepLog>) -> Result<(Stdio, Stdio), Failure> {
    log.map_or_else(|| Ok((Stdio::inherit(), Stdio::inherit())), StepLog::outputs)
}

/// Ends the log. A command that succeeded without a complete log did not succeed altogether.
pub(super) async fn finish(log: Option<StepLog>, ending: Ending, exit_code: u8) -> u8 {
    let Some(log) = log else { return exit_code };
    match log.finish(ending).await {
        Completeness::Incomplete if exit_code == 0 => EXIT_LOG_INCOMPLETE,
        Completeness::Complete | Completeness::Incomplete => exit_code,
    }
}

impl From<ExitStatus> for Ending {
    fn from(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt as _;
        let signal = status.signal().map(Self::of_signal);
        signal.or_else(|| status.code().map(Self::ExitCode)).unwrap_or(Self::ExitCode(-1))
    }
}

impl From<&NotStarted> for Ending {
    fn from(fault: &NotStarted) -> Self {
        Self::NotStarted(fault.exit_code())
    }
}

/// The session that the command has is the one its log is written with; both are renewed together.
#[derive(Debug)]
struct Credentials(Arc<SessionKeeper>);

impl ProvideCredentials for Credentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let session = self.0.session().await.map_err(CredentialsError::provider_error)?;
            Ok(session.for_sdk())
        })
    }
}
