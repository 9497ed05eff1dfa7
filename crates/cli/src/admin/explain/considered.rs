use brevet_identity::Principal;
use brevet_policy::{Fault, Finding, Reading, Row, Rule, TraceLine};
use serde::Serialize;
use serde_json::Value;

use super::verdict::Verdict;
use crate::admin::moment::shown;

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

impl Considered {
    pub(super) fn of(
        line: &TraceLine,
        readings: &[Reading],
        proposed: &[Row],
        verdict: &Verdict,
        job: &Principal,
    ) -> Self {
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
