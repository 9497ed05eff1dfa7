//! The Lambda Runtime API on loopback, and the processes that live on it: any bootstrap can be started, asked, watched
//! and timed without AWS.
//!
//! One [`Environment`] is one execution environment: a process, an address of its own, one invocation at a time. As many
//! as are wanted run side by side.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

mod bootstrap;
mod environment;
mod error;
mod exchange;
mod http;
mod process;
mod usage;

pub use bootstrap::Bootstrap;
pub use environment::{Environment, Invocation};
pub use error::{FunctionError, InvokeError, StartError};
pub use process::{Line, Output};
pub use usage::Usage;
