use brevet_identity::{Principal, Rejection};
use brevet_policy::{
    ApiName, Fault, Finding, MappingName, Narrowing, Outcome, Reading, Row, Rule, SessionRequest, TraceLine, decide,
    entitlement, read, scopes_of,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::session;
use super::subject::{From, Subject};
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

/// A row that has a say, and why.
#[derive(Debug, Serialize)]
pub(super) struct Considered {
    #[serde(flatten)]
    pub(super) line: TraceLine,
    /// Whether it is one of the proposed rows.
    pub(super) proposed: bool,
    /// Whether it is the one that decides.
    pub(super) decides: bool,
    /// What would have matched: any one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<String>,
    /// What is wrong with a row that cannot be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) faults: Vec<Fault>,
}

/// What the code of the functions says.
struct Verdict {
    code: String,
    message: String,
    trace: Vec<TraceLine>,
    routes: (Vec<String>, Vec<String>),
    sts: Option<Value>,
    /// Key of the row that grants a role.
    granting: Option<(String, String)>,
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

impl Verdict {
    fn of_role(job: &Principal, readings: &[Reading], asked: &MappingName, at: u64) -> Self {
        let outcome = decide(job, readings, asked, at);
        let trace = outcome.trace().to_vec();
        let routes = (Vec::new(), Vec::new());
        match outcome {
            Outcome::Denied(denial) => {
                let (code, message) = (denial.code().as_str().to_owned(), denial.message().to_owned());
                Self { code, message, trace, routes, sts: None, granting: None }
            }
            Outcome::Granted(grant) => {
                let granting = Some((grant.scope().to_string(), grant.mapping().to_string()));
                match SessionRequest::build(&grant, job, &Narrowing::default()) {
                    Ok(request) => {
                        let message = format!("the row `{}` of `{}` grants it", grant.mapping(), grant.scope());
                        let (code, sts) = ("granted".to_owned(), Some(session::call(&request)));
                        Self { code, message, trace, routes, sts, granting }
                    }
                    Err(fault) => {
                        let code = "conditions_not_met".to_owned();
                        Self { code, message: fault.to_string(), trace, routes, sts: None, granting }
                    }
                }
            }
        }
    }

    /// What the rows say does not matter where the token is refused.
    fn of_no_use(self, rejection: &Rejection) -> Self {
        let message = format!("Brevet refuses the token before it looks at any row: {rejection}");
        Self { code: rejection.code().to_owned(), message, sts: None, granting: None, ..self }
    }

    fn of_routes(
        job: &Principal,
        readings: &[Reading],
        api: &ApiName,
        route: Option<&(String, String)>,
        at: u64,
    ) -> Self {
        let entitlement = entitlement(job, readings, api, at);
        let (code, message) = match (entitlement.denial(), route) {
            (Some(denial), _) => (denial.code().as_str(), denial.message().to_owned()),
            (None, Some((method, path))) if !entitlement.permits(method, path) => {
                ("route_not_granted", format!("no row opens `{method} {path}` to this job, or one closes it"))
            }
            (None, _) => ("granted", "the job may call the open routes".to_owned()),
        };
        let list = |routes: &[brevet_policy::RoutePattern]| routes.iter().map(ToString::to_string).collect();
        Self {
            code: code.to_owned(),
            message,
            trace: entitlement.trace().to_vec(),
            routes: (list(entitlement.allow()), list(entitlement.deny())),
            sts: None,
            granting: None,
        }
    }
}

impl Considered {
    fn of(line: &TraceLine, readings: &[Reading], proposed: &[Row], verdict: &Verdict, job: &Principal) -> Self {
        let key = (line.scope.as_str(), line.name.as_str());
        let text = |row: &Row, part: &str| row.get(part).and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_proposed = |row: &Row| (text(row, "scope").as_str(), text(row, "name").as_str()) == key;
        let reading = readings.iter().find(|reading| key_of(reading) == key);
        let denies = matches!(line.finding, Finding::Denies | Finding::DeniesUnread);
        let grants = line.finding == Finding::Grants
            && match &verdict.granting {
                Some((scope, name)) => (scope.as_str(), name.as_str()) == key,
                None => verdict.code == "granted",
            };
        Self {
            proposed: proposed.iter().any(is_proposed),
            decides: grants || (denies && verdict.code == "explicitly_denied"),
            required: reading.map(|reading| required(reading, &line.finding, job)).unwrap_or_default(),
            faults: reading.and_then(Reading::invalid).map(|invalid| invalid.faults.clone()).unwrap_or_default(),
            line: line.clone(),
        }
    }
}

fn key_of(reading: &Reading) -> (&str, &str) {
    match reading {
        Reading::Valid(mapping) => (mapping.scope.as_str(), mapping.name.as_str()),
        Reading::Invalid(invalid) => {
            (invalid.scope.as_deref().unwrap_or_default(), invalid.name.as_deref().unwrap_or_default())
        }
    }
}

/// What would have matched. Jobs are never told; whoever can read the table may know.
fn required(reading: &Reading, finding: &Finding, job: &Principal) -> Vec<String> {
    let (when, rule) = match reading {
        Reading::Valid(mapping) => match &mapping.rule {
            Rule::Allow(rule) => (&rule.when, Some(rule)),
            Rule::Deny(rule) => (&rule.when, None),
        },
        Reading::Invalid(invalid) => match invalid.denies() {
            Some(rule) => (&rule.when, None),
            None => return Vec::new(),
        },
    };
    match finding {
        Finding::ConditionNotMet { claim, .. } => {
            when.conditions.get(*claim).unwrap_or_default().iter().map(ToString::to_string).collect()
        }
        Finding::PathChanged { .. } => rule.and_then(|rule| rule.project_path.clone()).into_iter().collect(),
        Finding::TokenTooOld { .. } => rule
            .and_then(|rule| rule.max_token_age_seconds)
            .map(|limit| format!("at most {limit} s since `iat`"))
            .into_iter()
            .collect(),
        Finding::NotYetInForce => when.not_before.map(shown).into_iter().collect(),
        Finding::Expired => when.expires_at.map(shown).into_iter().collect(),
        Finding::ForkPipeline => job.job_project_id().map(ToString::to_string).into_iter().collect(),
        Finding::Grants
        | Finding::Denies
        | Finding::DeniesUnread
        | Finding::WouldGrant
        | Finding::WouldDeny
        | Finding::Invalid
        | Finding::Disabled => Vec::new(),
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
