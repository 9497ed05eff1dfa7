//! `brevet request`: one HTTP request that AWS IAM knows the sender of.

mod ambient;
mod parts;
mod signature;
mod target;
mod verdict;

use std::fs;
use std::io::{self, Read as _};
use std::time::Duration;

use clap::Args;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response};

use self::target::Target;
use crate::brevet::{Brevet, Question};
use crate::command_line::{self, help};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::http::{self, Trust};
use crate::output;
use crate::patience::Patience;
use crate::session::SessionCredentials;

/// From connecting to the last byte. API Gateway gives a backend half of it.
const WHOLE: Duration = Duration::from_secs(60);

/// `brevet request`.
#[derive(Debug, Args)]
#[command(after_long_help = help::REQUEST)]
pub struct Request {
    /// GET, POST, ...
    #[arg(value_parser = parts::method)]
    pub method: Method,

    /// Where to; https, or http on this machine
    #[arg(value_parser = Target::parse)]
    pub url: Target,

    /// Sign with a session of this role [default: the session that the AWS SDKs would use in this place]
    #[arg(long, value_name = "ROLE", value_parser = command_line::role)]
    pub role: Option<brevet_policy::MappingName>,

    /// AWS region of the API [default: what its address tells, AWS_REGION or AWS_DEFAULT_REGION]
    #[arg(long)]
    pub region: Option<String>,

    /// Name of the AWS service in the signature; S3 signs by other rules and is not for this command
    #[arg(long, default_value = "execute-api", value_parser = parts::service)]
    pub service: String,

    /// A further header, `Name: value`
    #[arg(long = "header", short = 'H', value_name = "HEADER", value_parser = parts::header)]
    pub headers: Vec<(HeaderName, HeaderValue)>,

    /// A body: text, `@FILE`, or `@-` for standard input; JSON unless a Content-Type is given
    #[arg(long, value_name = "DATA")]
    pub data: Option<String>,

    /// Print status and headers before the body
    #[arg(long, short = 'i')]
    pub include: bool,
}

/// Sends the request and prints what comes back. `brevet` is asked for a session if a role is named.
pub(crate) async fn run(
    arguments: &Request,
    environment: &Environment,
    brevet: impl FnOnce() -> Result<Brevet, Failure>,
) -> Result<u8, Failure> {
    let region = arguments.url.region(arguments.region.as_deref(), environment)?;
    let body = arguments.data.as_deref().map(body).transpose()?;
    let mut headers: HeaderMap = arguments.headers.iter().cloned().collect();
    if body.is_some() && !headers.contains_key(CONTENT_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let trust = Trust::read(environment)?;
    let session = match &arguments.role {
        Some(role) => of_a_role(&brevet()?, role.clone()).await?,
        None => ambient::session(environment, &trust).await?,
    };
    let body = body.unwrap_or_default();
    signature::sign(arguments, &region, &mut headers, &body, &session)?;
    let client = trust.client(WHOLE, arguments.url.is_loopback())?;
    let request = client.request(arguments.method.clone(), arguments.url.url().clone()).headers(headers).body(body);
    let from = arguments.url.without_query();
    let response = request.send().await.map_err(|fault| http::no_answer(&fault, &from))?;
    let outcome = verdict::verdict(&response, &arguments.method, &from);
    show(response, arguments.include, &from).await?;
    outcome.map(|()| 0)
}

async fn of_a_role(brevet: &Brevet, role: brevet_policy::MappingName) -> Result<SessionCredentials, Failure> {
    let question = Question { role, duration_seconds: None, session_policy: None };
    brevet.session(&question, Patience::JOB).await
}

async fn show(mut response: Response, include: bool, from: &str) -> Result<(), Failure> {
    if include {
        let mut head = format!("{:?} {}\n", response.version(), response.status());
        for (name, value) in response.headers() {
            head.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        }
        output::print(&head)?;
    }
    while let Some(chunk) = response.chunk().await.map_err(|fault| http::no_answer(&fault, from))? {
        output::write(&chunk)?;
    }
    Ok(())
}

fn body(data: &str) -> Result<Vec<u8>, Failure> {
    let read = match data.strip_prefix('@') {
        None => return Ok(data.as_bytes().to_vec()),
        Some("-") => {
            let mut body = Vec::new();
            io::stdin().read_to_end(&mut body).map(|_| body)
        }
        Some(path) => fs::read(path),
    };
    read.map_err(|fault| Failure::usage("data_unreadable", format!("the data of `{data}` cannot be read: {fault}")))
}
