//! `brevet doctor`: every layer between this job and its credentials, in order, up to the first that is broken.

mod brevet;
mod claims;
mod local;
mod network;
mod report;

use clap::Args;

use self::report::{Layer, Report, Stopped};
use crate::brevet::Brevet;
use crate::command_line::{self, Options, help};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::http::Trust;
use crate::output;

/// `brevet doctor`.
#[derive(Debug, Args)]
#[command(after_long_help = help::DOCTOR)]
pub struct Doctor {
    /// Also ask for this role's credentials, and throw them away
    #[arg(value_name = "ROLE", value_parser = command_line::role)]
    pub role: Option<brevet_policy::MappingName>,
}

/// Prints what is well and what is not; the exit code is that of the broken layer.
pub(crate) async fn run(arguments: &Doctor, options: &Options, environment: &Environment) -> Result<u8, Failure> {
    let mut report = Report::default();
    // Where it stopped is in the report.
    let _ = examine(&mut report, arguments, options, environment).await;
    output::print(&if options.json { report.as_json().to_string() } else { report.in_words() })?;
    Ok(report.exit_code())
}

async fn examine(
    report: &mut Report,
    arguments: &Doctor,
    options: &Options,
    environment: &Environment,
) -> Result<(), Stopped> {
    report.enter(Layer::Environment, local::environment(environment))?;
    let tokens = report.enter(Layer::Token, local::token(options.token_file.as_deref(), environment))?;
    let claims = report.enter(Layer::Claims, local::claims(&tokens))?;
    let endpoint = report.enter(Layer::Endpoint, local::endpoint(options.endpoint.as_deref(), environment))?;
    let proxy = network::proxy(&endpoint, environment);
    let addresses = report.enter(Layer::Name, network::name(&endpoint, proxy).await)?;
    report.enter(Layer::Connection, network::connection(&addresses, proxy).await)?;
    let client = Trust::read(environment).and_then(|trust| Brevet::new(endpoint, tokens, &trust));
    let client = report.enter(Layer::Tls, client.map(report::Found::silent).map_err(Into::into))?;
    let answer = report.enter(Layer::Tls, network::tls(&client).await)?;
    report.enter(Layer::Clock, network::clock(&answer, &claims))?;
    report.enter(Layer::Identity, brevet::identity(&client, answer, &claims).await)?;
    report.enter(Layer::Mapping, brevet::mapping(&client, arguments.role.as_ref()).await)?;
    match &arguments.role {
        Some(role) => report.enter(Layer::Role, brevet::role(&client, role).await),
        None => Ok(()),
    }
}
