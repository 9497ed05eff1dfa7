//! `brevet exec`: a command with the session of a role, for as long as it lives.

mod child;
mod keeper;
mod loopback;
mod process;
mod secret;
mod signals;

use std::process::Stdio;

pub(crate) use keeper::SessionKeeper;

use self::child::ChildEnvironment;
use self::loopback::Loopback;
use crate::brevet::Brevet;
use crate::command_line::Exec;
use crate::competition::competing_config_file;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output;
use crate::patience::Patience;

/// Runs the command and returns the exit code of this process.
///
/// # Errors
/// When there is no session: then the command was not started.
pub(crate) async fn run(arguments: &Exec, brevet: Brevet, environment: &Environment) -> Result<u8, Failure> {
    let question = arguments.ask.question()?;
    let token = brevet.tokens().token()?;
    let first = brevet.session(&question, Patience::JOB).await?;
    let for_child = if arguments.env {
        ChildEnvironment::new(environment, &token, first.expose_variables())
    } else {
        let loopback = Loopback::start(SessionKeeper::new(brevet, question, first)).await?;
        ChildEnvironment::new(environment, &token, loopback.expose_variables())
    };
    if let Some(file) = competing_config_file(environment).filter(|_| !arguments.env) {
        let file = file.display();
        output::say(&format!(
            "brevet: the default profile of `{file}` brings credentials; AWS tools prefer those to the role"
        ));
    }
    let mut running = match process::start(&arguments.command, &for_child, Stdio::inherit) {
        Ok(running) => running,
        Err(not_started) => {
            output::say(&format!("brevet: {not_started}"));
            return Ok(not_started.exit_code());
        }
    };
    running.finished().await.map(process::exit_code)
}
