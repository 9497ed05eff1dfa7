//! Starts the command, stays until it is gone, and says how it went.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};

use nix::unistd::Pid;
use tokio::process::{Child, Command};

use crate::exec::child::ChildEnvironment;
use crate::exec::signals::{Signals, Surroundings};
use crate::failure::Failure;

/// Shells say this of a command that is there and cannot be started.
const NOT_EXECUTABLE: u8 = 126;
/// Shells say this of a command that is not there.
const NOT_FOUND: u8 = 127;

/// The command, running.
pub(super) struct Running {
    /// The process; its streams are the job's own unless they were asked for.
    pub child: Child,
    signals: Signals,
}

/// The command did not start.
#[derive(Debug, thiserror::Error)]
#[error("`{command}` cannot be started: {cause}")]
pub(super) struct NotStarted {
    command: String,
    cause: io::Error,
}

/// Starts the command, with its standard output and error.
pub(super) fn start(
    command: &[OsString],
    environment: &ChildEnvironment,
    (output, error): (Stdio, Stdio),
) -> Result<Running, NotStarted> {
    let (program, arguments) =
        command.split_first().map_or((OsString::new(), command), |(first, rest)| (first.clone(), rest));
    let not_started = |cause| NotStarted { command: program.to_string_lossy().into_owned(), cause };
    let surroundings = Surroundings::find();
    let signals = Signals::catch(surroundings).map_err(not_started)?;
    let mut builder = Command::new(&program);
    builder.args(arguments).stdout(output).stderr(error);
    for name in &environment.removed {
        builder.env_remove(name);
    }
    builder.envs(environment.set.iter().map(|(name, value)| (name, value)));
    if surroundings == Surroundings::Runner {
        builder.process_group(0);
    }
    let child = builder.spawn().map_err(not_started)?;
    Ok(Running { child, signals })
}

impl Running {
    /// Waits for the command itself, not for what it may leave behind, and passes signals on meanwhile.
    pub(super) async fn finished(&mut self) -> Result<ExitStatus, Failure> {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        loop {
            tokio::select! {
                status = self.child.wait() => {
                    return status.map_err(|fault| Failure::unavailable("interrupted", fault.to_string()));
                }
                Some(signal) = self.signals.next() => {
                    if let Some(id) = id {
                        self.signals.pass_on(signal, id);
                    }
                }
            }
        }
    }
}

/// The command's own exit code, or 128 and the number of the signal that ended it.
pub(super) fn exit_code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

impl NotStarted {
    /// What a shell would say.
    pub(super) fn exit_code(&self) -> u8 {
        if self.cause.kind() == io::ErrorKind::NotFound { NOT_FOUND } else { NOT_EXECUTABLE }
    }
}
