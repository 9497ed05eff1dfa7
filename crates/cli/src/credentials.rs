//! `brevet credentials`: a session on standard output, because that is what was asked for.

use std::io::{self, IsTerminal as _};

use clap::{Args, ValueEnum};

use crate::brevet::Brevet;
use crate::command_line::{Ask, help};
use crate::failure::Failure;
use crate::output;
use crate::patience::Patience;
use crate::session::SessionCredentials;

/// `brevet credentials`.
#[derive(Debug, Args)]
#[command(after_long_help = help::CREDENTIALS)]
pub struct Credentials {
    /// What to ask for.
    #[command(flatten)]
    pub ask: Ask,

    /// How to write the session
    #[arg(long, value_enum)]
    pub format: Format,
}

/// How a session is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Brevet's answer as it is: the container-credentials contract of the AWS SDKs
    Json,
    /// The output of a `credential_process`
    Process,
    /// `export` lines for a shell
    Env,
    /// `NAME=value` lines
    Dotenv,
}

/// Prints a session.
pub(crate) async fn run(arguments: &Credentials, brevet: &Brevet) -> Result<u8, Failure> {
    if io::stdout().is_terminal() {
        return Err(Failure::usage(
            "terminal",
            "credentials are not printed to a terminal: redirect them, or pipe them on",
        ));
    }
    let session = brevet.session(&arguments.ask.question()?, Patience::JOB).await?;
    output::print(&arguments.format.expose(&session))?;
    if arguments.format == Format::Dotenv {
        output::say(
            "brevet: GitLab masks nothing of this: as an `artifacts:reports:dotenv` it is readable for whoever may download \
             artifacts, and shows in logs",
        );
    }
    Ok(0)
}

impl Format {
    fn expose(self, session: &SessionCredentials) -> String {
        let lines = |line: fn(&str, &str) -> String| {
            session.expose_variables().iter().map(|(name, value)| line(name, value)).collect::<Vec<_>>().join("\n")
        };
        match self {
            Self::Json => session.expose_body().to_owned(),
            Self::Process => session.expose_process(),
            // Inside single quotes a POSIX shell reads everything as it is, but the quote itself.
            Self::Env => lines(|name, value| format!("export {name}='{}'", value.replace('\'', r"'\''"))),
            Self::Dotenv => lines(|name, value| format!("{name}={value}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::session_body;

    #[test]
    fn quotes_for_a_shell_whatever_is_in_the_secret() {
        let body = session_body(3600).replace("test-secret", "a'b$(c)`d`\\\\");
        let session = SessionCredentials::parse(&body).unwrap();
        let written = Format::Env.expose(&session);
        assert!(written.contains("export AWS_SECRET_ACCESS_KEY='a'\\''b$(c)`d`\\'\n"), "{written}");
    }

    #[test]
    fn writes_a_line_for_each_of_four_variables() {
        let session = SessionCredentials::parse(&session_body(3600)).unwrap();
        let written = Format::Dotenv.expose(&session);
        let names: Vec<&str> = written.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        let all = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"];
        assert_eq!(names, all);
    }
}
