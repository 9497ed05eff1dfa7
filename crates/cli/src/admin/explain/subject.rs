use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use brevet_identity::{BearerToken, NotAJob, Principal, Rejection};
use brevet_policy::MappingName;
use brevet_review::{Asked, RecordedDecision};

use super::Explain;
use super::verification::{Verification, verify};
use crate::admin::Context;
use crate::admin::clock::now;
use crate::admin::trouble::Trouble;
use crate::token::{IdToken, TokenSource};

/// No claims and no audit line are longer.
const LONGEST: u64 = 1 << 20;

/// The job that a question is about. Nothing of it is verified unless that was asked for.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) job: Principal,
    pub(super) from: From,
    /// What it asked for, if that is recorded.
    pub(super) asked: Option<MappingName>,
    /// The route it asked for, if that is recorded: method and path.
    pub(super) route: Option<(String, String)>,
    /// When it asked, if that is recorded.
    pub(super) recorded_at: Option<u64>,
    /// Whether the token is genuine, if that was asked.
    pub(super) verification: Option<Result<(), Rejection>>,
}

/// What is known of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum From {
    Claims,
    Token,
    AuditLine,
}

impl Subject {
    pub(super) async fn find(arguments: &Explain, context: &Context<'_>) -> Result<Self, Trouble> {
        match (&arguments.claims, &arguments.audit_line) {
            (Some(file), _) => Self::of_claims(text(file)?.as_bytes(), From::Claims),
            (None, Some(file)) => Self::of_audit_line(&text(file)?, arguments.at),
            (None, None) => Self::of_token(&token(arguments, context)?, arguments).await,
        }
    }

    pub(super) fn of_claims(json: &[u8], from: From) -> Result<Self, Trouble> {
        let job = Principal::from_unverified_claims(json).map_err(not_a_job)?;
        Ok(Self { job, from, asked: None, route: None, recorded_at: None, verification: None })
    }

    async fn of_token(token: &IdToken, arguments: &Explain) -> Result<Self, Trouble> {
        let unreadable = || Trouble::refused("token_malformed", "the token's payload is not base64url");
        let payload = token.expose().split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let unverified = Self::of_claims(&payload.ok_or_else(unreadable)?, From::Token)?;
        let Some(issuers) = &arguments.issuers else { return Ok(unverified) };
        let bearer = BearerToken::from_authorization([token.expose()]).map_err(|_| unreadable())?;
        match verify(&bearer, issuers, arguments.at.unwrap_or_else(now)).await? {
            Verification::Genuine(job) => Ok(Self { job: *job, verification: Some(Ok(())), ..unverified }),
            Verification::Rejected(rejection) => Ok(Self { verification: Some(Err(rejection)), ..unverified }),
        }
    }

    /// The first audit line of the text: logs that were copied have other lines around it, and times before it.
    pub(super) fn of_audit_line(text: &str, at: Option<u64>) -> Result<Self, Trouble> {
        let parse = |line: &str| RecordedDecision::parse(line.get(line.find('{')?..)?).ok();
        let decision = text.lines().find_map(parse).ok_or_else(|| {
            Trouble::refused("audit_line_invalid", "there is no audit line of Brevet in it")
                .with_help("an audit line is one JSON object with `\"kind\":\"audit\"`, on one line")
        })?;
        let job = decision.job_at(at.unwrap_or(decision.time)).ok_or_else(|| {
            Trouble::refused("audit_line_without_claims", "the audit line does not hold the claims of a job")
                .with_help("lines about tokens that were refused, and of earlier versions, do not; use --claims")
        })?;
        let (asked, route) = match decision.asked {
            Asked::Role(name) => (Some(name), None),
            Asked::Route { name, method, path } => (name, Some((method, path))),
            Asked::Nothing => (None, None),
        };
        Ok(Self { job, from: From::AuditLine, asked, route, recorded_at: Some(decision.time), verification: None })
    }
}

fn token(arguments: &Explain, context: &Context<'_>) -> Result<IdToken, Trouble> {
    let refused = |message: String, help: &str| Trouble::refused("token_unusable", message).with_help(help);
    if let Some(name) = &arguments.token_env {
        let text = context.environment.text(name);
        let text = text.ok_or_else(|| refused(format!("there is nothing in the variable `{name}`"), "name another"))?;
        return IdToken::parse(text).map_err(|fault| refused(format!("what is in `{name}` {fault}"), fault.remedy()));
    }
    let found = TokenSource::find(context.token_file, context.environment).and_then(|source| source.token());
    let help = "give --claims, --audit-line, --token-file or --token-env";
    found.map_err(|failure| refused(failure.to_string(), help))
}

fn text(file: &Path) -> Result<String, Trouble> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().take(LONGEST).read_to_string(&mut text)
    } else {
        fs::File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    let unreadable = |fault: io::Error| format!("`{}` cannot be read: {fault}", file.display());
    read.map_err(|fault| Trouble::refused("file_unreadable", unreadable(fault)))?;
    Ok(text)
}

fn not_a_job(fault: NotAJob) -> Trouble {
    Trouble::refused("claims_invalid", format!("these are not the claims of a GitLab job: {fault}"))
        .with_help("the claims are the token's payload as GitLab writes it: one JSON object")
}
