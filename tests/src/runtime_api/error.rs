use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use hyper::body::Bytes;

/// What a function reports of itself, to `/error` or `/init/error`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{kind}`: {}", String::from_utf8_lossy(body))]
pub struct FunctionError {
    /// `Lambda-Runtime-Function-Error-Type`, empty where the runtime sends none.
    pub kind: String,
    /// The report: by custom an object with `errorType` and `errorMessage`.
    pub body: Bytes,
}

/// Why an environment did not come up.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program cannot be run, or its address not be bound.
    #[error("`{program}` cannot be started: {reason}")]
    Spawn {
        /// What should have run.
        program: String,
        /// The system's word for it.
        reason: io::Error,
    },
    /// It reported an error instead of asking for its first event.
    #[error("the function failed to start: {0}")]
    Init(FunctionError),
    /// It ended without a word to the Runtime API.
    #[error("the function ended before its first event ({status}); its last lines: {lines:?}")]
    Exited {
        /// How it ended.
        status: ExitStatus,
        /// What it wrote, if nobody else was given it.
        lines: Vec<String>,
    },
    /// It neither failed nor asked for an event.
    #[error("the function did not ask for its first event within {0:?}")]
    TimedOut(Duration),
}

/// Why an event has no answer.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The function says so itself.
    #[error("the function failed: {0}")]
    Function(FunctionError),
    /// The process is gone; every later invocation fails in the same way.
    #[error("the function's process is gone ({0})")]
    Exited(ExitStatus),
    /// The process took too long and was killed, as Lambda does.
    #[error("the function did not answer within {0:?}")]
    TimedOut(Duration),
}
