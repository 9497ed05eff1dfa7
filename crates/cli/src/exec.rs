//! `brevet exec`: a command with the session of a role, for as long as it lives.

mod child;
mod keeper;
mod logging;
mod loopback;
mod process;
mod secret;
mod signals;

use std::sync::Arc;

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
use crate::step_log::Ending;

/// Runs the command and returns the exit code of this process.
///
/// # Errors
/// When there is no session: then the command was not started.
pub(crate) async fn run(arguments: &Exec, brevet: Brevet, environment: &Environment) -> Result<u8, Failure> {
    let question = arguments.ask.question()?;
    let token = brevet.tokens().token()?;
    let first = brevet.session(&question, Patience::JOB).await?;
    let keys = first.expose_variables();
    let keeper = SessionKeeper::new(brevet, question, first);
    keeper.redactor().learn([token.expose()]);
    let for_child = if arguments.env {
        ChildEnvironment::new(environment, &token, keys)
    } else {
        let loopback = Loopback::start(Arc::clone(&keeper)).await?;
        keeper.redactor().learn([loopback.expose_secret()]);
        ChildEnvironment::new(environment, &token, loopback.expose_variables())
    };
    if let Some(file) = competing_config_file(environment).filter(|_| !arguments.env) {
        let file = file.display();
        output::say(&format!(
            "brevet: the default profile of `{file}` brings credentials; AWS tools prefer those to the role"
        ));
    }
    let mut log = logging::open(arguments, environment, &keeper).await?;
    let outputs = logging::outputs(log.as_mut())?;
    let mut running = match process::start(&arguments.command, &for_child, outputs) {
        Ok(running) => running,
        Err(not_started) => {
            output::say(&format!("brevet: {not_started}"));
            return Ok(logging::finish(log, Ending::from(&not_started), not_started.exit_code()).await);
        }
    };
    let status = running.finished().await?;
    Ok(logging::finish(log, Ending::from(status), process::exit_code(status)).await)
}
