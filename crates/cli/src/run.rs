use crate::brevet::Brevet;
use crate::command_line::{Command, CommandLine, Options};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::http::Trust;
use crate::token::TokenSource;
use crate::{admin, credentials, doctor, exec, output, request, whoami};

/// Does what was asked for and returns the exit code.
pub async fn run(command_line: CommandLine, environment: Environment) -> u8 {
    let CommandLine { options, command } = command_line;
    let outcome = obey(&command, &options, &environment).await;
    outcome.unwrap_or_else(|failure| {
        output::report(&failure, options.json);
        failure.exit_code()
    })
}

async fn obey(command: &Command, options: &Options, environment: &Environment) -> Result<u8, Failure> {
    match command {
        Command::Exec(arguments) => exec::run(arguments, brevet(options, environment)?, environment).await,
        Command::Credentials(arguments) => credentials::run(arguments, &brevet(options, environment)?).await,
        Command::Whoami => whoami::run(&brevet(options, environment)?, options.json).await,
        Command::Doctor(arguments) => doctor::run(arguments, options, environment).await,
        Command::Request(arguments) => request::run(arguments, environment, || brevet(options, environment)).await,
        Command::Admin(command) => Ok(admin::run(command, options, environment).await),
    }
}

/// Brevet as this job is told about it.
fn brevet(options: &Options, environment: &Environment) -> Result<Brevet, Failure> {
    let tokens = TokenSource::find(options.token_file.as_deref(), environment)?;
    let endpoint = Endpoint::find(options.endpoint.as_deref(), environment)?;
    Brevet::new(endpoint, tokens, &Trust::read(environment)?)
}
