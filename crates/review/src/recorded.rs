use brevet_identity::Principal;
use brevet_policy::MappingName;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A decision as one of the functions recorded it: an audit line.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedDecision {
    /// When, in seconds since the epoch.
    pub time: u64,
    /// The id of the request.
    pub request_id: String,
    /// The code the job got.
    pub code: String,
    /// What the job asked for.
    pub asked: Asked,
    /// The row that granted, if one did.
    pub granted_by: Option<RowKey>,
    /// The role that was asked of STS.
    pub role_arn: Option<String>,
    /// The job's project, if the token was genuine.
    pub project: Option<RecordedProject>,
    /// Whether the same refusal was given within the minute before.
    pub repeat: bool,
    /// Every row that had a say.
    pub trace: Vec<RecordedFinding>,
    claims: Option<Map<String, Value>>,
    issued_at: u64,
}

/// What a job asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A role, by the name of a mapping.
    Role(MappingName),
    /// A route of an API.
    Route {
        /// The name of the API's rows, if any row of that name had a say.
        name: Option<MappingName>,
        /// The method, or `$connect`.
        method: String,
        /// The path.
        path: String,
    },
    /// Nothing in particular, or nothing that was read.
    Nothing,
}

/// Key of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize)]
pub struct RowKey {
    /// Its scope.
    pub scope: String,
    /// Its name.
    pub name: String,
}

/// A project as a token named it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct RecordedProject {
    /// Whose id it is.
    pub issuer: String,
    /// Its id.
    pub id: String,
    /// The path it had.
    pub path: String,
}

/// What came of one row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RecordedFinding {
    /// The row.
    #[serde(flatten)]
    pub row: RowKey,
    /// `grants`, `would_deny`, `condition_not_met` and so on, as [`brevet_policy::Finding`] is written.
    pub outcome: String,
    /// What the job presented, where that was the reason.
    #[serde(default)]
    pub presented: Option<String>,
}

/// Why a line is no recorded decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecorded {
    /// It is another kind of line: metrics, warnings, the platform's own.
    AnotherKind,
    /// It says that it is an audit line and cannot be read as one.
    Malformed,
}

#[derive(Deserialize)]
struct Line {
    time: String,
    function: String,
    request_id: String,
    code: String,
    asked_for: Option<String>,
    mapping: Option<RowKey>,
    role_arn: Option<String>,
    #[serde(default)]
    repeat: bool,
    #[serde(default)]
    trace: Vec<RecordedFinding>,
    issuer: Option<String>,
    project_id: Option<String>,
    project_path: Option<String>,
    iat: Option<u64>,
    #[serde(default)]
    claims: Option<Map<String, Value>>,
}

impl RecordedDecision {
    /// Reads one line of a function's log.
    pub fn parse(line: &str) -> Result<Self, NotRecorded> {
        let value: Value = serde_json::from_str(line).map_err(|_| NotRecorded::AnotherKind)?;
        if value.get("kind").and_then(Value::as_str) != Some("audit") {
            return Err(NotRecorded::AnotherKind);
        }
        let claims = rebuilt_claims(&value);
        let line = Line::deserialize(value).map_err(|_| NotRecorded::Malformed)?;
        let time = OffsetDateTime::parse(&line.time, &Rfc3339).map_err(|_| NotRecorded::Malformed)?;
        let time = u64::try_from(time.unix_timestamp()).map_err(|_| NotRecorded::Malformed)?;
        let asked = Asked::of(&line);
        let project = match (line.issuer, line.project_id, line.project_path) {
            (Some(issuer), Some(id), Some(path)) => Some(RecordedProject { issuer, id, path }),
            _ => None,
        };
        Ok(Self {
            time,
            request_id: line.request_id,
            code: line.code,
            asked,
            granted_by: line.mapping,
            role_arn: line.role_arn,
            project,
            repeat: line.repeat,
            trace: line.trace,
            claims: line.claims.and(claims),
            issued_at: line.iat.unwrap_or_default(),
        })
    }

    /// The job as if it came at `now`, with a token as old as it was then. `None` if the line does not hold its claims:
    /// it was written before audit lines did. The user's email address is in no line.
    pub fn job_at(&self, now: u64) -> Option<Principal> {
        let mut claims = self.claims.clone()?;
        let age = self.time.saturating_sub(self.issued_at);
        claims.insert("iat".to_owned(), json!(now.saturating_sub(age)));
        Principal::from_unverified_claims(&serde_json::to_vec(&claims).ok()?).ok()
    }
}

impl Asked {
    fn of(line: &Line) -> Self {
        let asked =
            line.asked_for.as_deref().or(line.mapping.as_ref().map(|row| row.name.as_str())).unwrap_or_default();
        if line.function == "authorizer" {
            let Some((method, path)) = asked.split_once(' ') else { return Self::Nothing };
            let names = line.trace.iter().map(|finding| finding.row.name.as_str());
            let name = names.filter_map(MappingName::parse).find(MappingName::is_api);
            return Self::Route { name, method: method.to_owned(), path: path.to_owned() };
        }
        MappingName::parse(asked).map_or(Self::Nothing, Self::Role)
    }
}

/// The claims that are members of the line themselves, back among the others.
fn rebuilt_claims(line: &Value) -> Option<Map<String, Value>> {
    let mut claims = line.get("claims")?.as_object()?.clone();
    let members = [
        "jti",
        "project_id",
        "project_path",
        "namespace_id",
        "pipeline_id",
        "job_id",
        "user_id",
        "ref",
        "environment",
        "exp",
    ];
    for (claim, member) in members.into_iter().map(|name| (name, name)).chain([("iss", "issuer")]) {
        if let Some(value) = line.get(member).filter(|value| !value.is_null()) {
            claims.insert(claim.to_owned(), value.clone());
        }
    }
    Some(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{NOW, audit_line, refused};

    #[test]
    fn refuses_lines_of_another_kind_and_lines_it_cannot_read() {
        for line in ["", "START RequestId: 1", "[]", r#"{"kind": "invalid_mapping"}"#, r#"{"_aws": {}}"#] {
            assert_eq!(RecordedDecision::parse(line), Err(NotRecorded::AnotherKind), "{line}");
        }
        for changes in [json!({"time": "yesterday"}), json!({"code": null}), json!({"trace": [{"scope": 7}]})] {
            assert_eq!(RecordedDecision::parse(&audit_line(changes.clone())), Err(NotRecorded::Malformed), "{changes}");
        }
    }

    #[test]
    fn makes_no_job_of_a_line_without_its_claims() {
        let decision = RecordedDecision::parse(&audit_line(json!({"claims": null}))).unwrap();
        assert_eq!(decision.job_at(NOW), None);
        let rejected =
            json!({"claims": null, "project_path": null, "namespace_id": null, "asked_for": null, "mapping": null});
        let decision = RecordedDecision::parse(&audit_line(rejected)).unwrap();
        assert_eq!(
            (decision.project.clone(), decision.asked.clone(), decision.job_at(NOW)),
            (None, Asked::Nothing, None)
        );
    }

    #[test]
    fn makes_the_same_job_again_with_a_token_as_old_as_it_was() {
        let decision = RecordedDecision::parse(&audit_line(json!({"environment": "production"}))).unwrap();
        let job = decision.job_at(NOW).unwrap();
        assert_eq!((job.project_id().to_string(), job.issued_at()), ("4711".to_owned(), NOW - 60));
        let presented: Vec<(&str, &str)> = job.claims().map(|(claim, value)| (claim.as_str(), value)).collect();
        for claim in [
            ("iss", "https://gitlab.example.com"),
            ("environment", "production"),
            ("ref_protected", "true"),
            ("runner_id", "88"),
        ] {
            assert!(presented.contains(&claim), "{claim:?} {presented:?}");
        }
    }

    #[test]
    fn reads_what_was_asked_for() {
        let asked = |changes| RecordedDecision::parse(&audit_line(changes)).unwrap().asked;
        let name = |text| MappingName::parse(text).unwrap();
        assert_eq!(asked(json!({})), Asked::Role(name("deploy")));
        assert_eq!(asked(json!({"asked_for": null})), Asked::Role(name("deploy")), "the only one there was");
        let mut question = refused("role_required");
        question["asked_for"] = json!(null);
        assert_eq!(asked(question), Asked::Nothing);
        let trace = json!([{"scope": "gitlab.example.com", "name": "*", "outcome": "condition_not_met"}, {"scope": "gitlab.example.com", "name": "api.reports", "outcome": "grants"}]);
        let route = |name| Asked::Route { name, method: "GET".to_owned(), path: "/reports/1".to_owned() };
        let line = |trace| json!({"function": "authorizer", "asked_for": "GET /reports/1", "trace": trace});
        assert_eq!(asked(line(trace)), route(Some(name("api.reports"))));
        assert_eq!(asked(line(json!([]))), route(None));
    }
}
