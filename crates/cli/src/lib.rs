//! The command line of Brevet: for pipelines, and for platform admins.
//!
//! One file reads the environment ([`Environment`]), one decides what an answer means ([`Failure`]), and a secret can be
//! had only through a method called `expose`. Unix only.

mod admin;
mod answer;
mod brevet;
mod command_line;
mod competition;
mod credentials;
mod doctor;
mod endpoint;
mod environment;
mod exec;
mod failure;
mod http;
mod output;
mod patience;
mod request;
mod run;
mod session;
mod step_log;
mod tls;
mod token;
mod whoami;

#[cfg(test)]
mod test_support;

#[cfg(feature = "fuzzing")]
pub use admin::fuzzing;
pub use command_line::CommandLine;
pub use environment::Environment;
pub use failure::Failure;
pub use run::run;
