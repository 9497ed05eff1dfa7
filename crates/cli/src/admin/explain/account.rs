use brevet_policy::{ApiName, MappingName, Reading, Row, read, scopes_of};
use serde::Serialize;
use serde_json::{Value, json};

use super::considered::Considered;
use super::subject::{From, Subject};
use super::verdict::Verdict;
use crate::admin::moment::shown;

/// What there is to tell about one decision.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    pub(super) decision: &'static str,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) asked: String,
    pub(super) at: String,
    /// What the job is known from.
    pub(super) from: From,
    pub(super) verified: bool,
    pub(super) job: Value,
    /// Where rows for this job are, most specific first.
    pub(super) scopes: Vec<String>,
    pub(super) rows: Vec<Considered>,
    /// The routes that are open, where routes are what was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) routes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) closed_routes: Vec<String>,
    /// The call that STS would get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sts: Option<Value>,
    pub(super) notes: Vec<String>,
}

impl Account {
    pub(super) fn of(subject: &Subject, asked: &MappingName, rows: &[Row], proposed: &[Row], at: u64) -> Self {
        let job = &subject.job;
        let readings: Vec<Reading> = rows.iter().map(read).collect();
        let api = asked.as_str().strip_prefix("api.").and_then(ApiName::parse);
        let said = match &api {
            Some(api) => Verdict::of_routes(job, &readings, api, subject.route.as_ref(), at),
            None => Verdict::of_role(job, &readings, asked, at),
        };
        let verdict = match &subject.verification {
            Some(Err(rejection)) => said.of_no_use(rejection),
            Some(Ok(())) | None => said,
        };
        let granted = verdict.code == "granted";
        let considered = verdict.trace.iter().map(|line| Considered::of(line, &readings, proposed, &verdict, job));
        let shown_list = |scopes: Vec<brevet_policy::Scope>| scopes.iter().map(ToString::to_string).collect();
        Self {
            decision: if granted { "granted" } else { "denied" },
            rows: considered.collect(),
            message: verdict.message,
            asked: match &subject.route {
                Some((method, path)) => format!("{asked} {method} {path}"),
                None => asked.to_string(),
            },
            at: shown(at),
            from: subject.from,
            verified: matches!(subject.verification, Some(Ok(()))),
            job: job.claims().map(|(claim, value)| (claim.to_string(), json!(value))).collect(),
            scopes: shown_list(scopes_of(job)),
            routes: verdict.routes.0,
            closed_routes: verdict.routes.1,
            sts: verdict.sts,
            notes: notes(subject, rows, proposed, at),
            code: verdict.code,
        }
    }

    pub(super) fn as_json(&self) -> String {
        serde_json::to_value(self).unwrap_or_default().to_string()
    }
}

/// What the rows do not decide.
fn notes(subject: &Subject, rows: &[Row], proposed: &[Row], at: u64) -> Vec<String> {
    let mut notes = vec![match subject.from {
        From::Token if matches!(subject.verification, Some(Ok(()))) => "the token was verified".to_owned(),
        From::Claims => "the claims were taken as they are: nobody has verified a token".to_owned(),
        From::Token if subject.verification.is_some() => {
            "the token was looked at as Brevet does, and is refused".to_owned()
        }
        From::Token => "the token's signature, audience and issuer were not verified: see --issuers".to_owned(),
        From::AuditLine => {
            "an audit line holds no `user_email`: a row with a condition on it seems not to apply".to_owned()
        }
    }];
    if subject.recorded_at.is_some() {
        notes.push(
            "the rows are those of now, which may not be those of then: the audit line has the versions".to_owned(),
        );
    }
    if subject.from != From::AuditLine && subject.verification.is_none() && subject.job.expires_at() <= at {
        notes.push(format!(
            "the token expired at {}: Brevet would answer `token_expired` before it looks at any row",
            shown(subject.job.expires_at())
        ));
    }
    if rows.iter().any(|row| row.contains_key("max_uses_per_token")) {
        notes.push("uses of a token are counted when it is used: `max_uses_per_token` is not looked at".to_owned());
    }
    if !proposed.is_empty() {
        notes.push(format!("{} proposed rows took part: the table does not say this yet", proposed.len()));
    }
    notes
}
