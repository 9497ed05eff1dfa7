use std::sync::Arc;

use brevet_identity::{ClaimName, NumericId, Principal, RejectedJob};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::clock::{rfc3339, unix_now};
use crate::without_tokens;

/// One decision, tied to GitLab's ids: the line an auditor finds from CloudTrail's session name and back. It has no
/// member that could hold a token, a secret or an event.
#[derive(Debug, serde::Serialize)]
pub struct AuditLine {
    kind: &'static str,
    time: String,
    function: &'static str,
    /// API Gateway's request id.
    pub request_id: String,
    /// `granted`, `denied`, `unavailable`, or `answered` where nothing was asked for but information.
    pub decision: &'static str,
    /// The code the caller got, or `granted`, `listed`, `shown`.
    pub code: &'static str,
    /// For the log alone: why, where the caller is told less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(flatten, serialize_with = "serialize_job")]
    job: Option<Arc<Principal>>,
    #[serde(flatten)]
    rejected_job: Option<RejectedJob>,
    /// The name or API asked for.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "without_tokens::serialize")]
    pub asked_for: Option<String>,
    /// The row that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<MappingKey>,
    /// The role assumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// What CloudTrail shows of the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// The id, never the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
    /// When the session ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<String>,
    /// For AWS support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sts_request_id: Option<String>,
    /// Tags left out to make the session fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped_tags: Vec<String>,
    /// As API Gateway saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// As the client says.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "without_tokens::serialize")]
    pub user_agent: Option<String>,
    /// The same refusal was given within the last minute.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub repeat: bool,
    /// Each row considered and what became of it.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub trace: Value,
    /// How many more there were.
    #[serde(skip_serializing_if = "is_zero")]
    trace_left_out: usize,
}

/// CloudWatch Logs takes 256 KB an event, and what is longer arrives in pieces that are no JSON.
const LONGEST_TRACE: usize = 200_000;

/// So many rows fit whatever is in them: a key has 3 KB at most.
const SURELY_FIT: usize = 50;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// A row of the role-mapping table.
#[derive(Clone, Debug, serde::Serialize)]
pub struct MappingKey {
    /// Its partition key.
    pub scope: String,
    /// Its sort key.
    pub name: String,
    /// Its `version`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

#[derive(serde::Serialize)]
struct Job<'a> {
    issuer: &'a str,
    project_id: &'a NumericId,
    project_path: &'a str,
    namespace_id: &'a NumericId,
    pipeline_id: &'a NumericId,
    job_id: &'a NumericId,
    user_id: Option<&'a NumericId>,
    r#ref: Option<&'a str>,
    environment: Option<&'a str>,
    jti: &'a str,
    iat: u64,
    exp: u64,
    claims: FurtherClaims<'a>,
}

fn serialize_job<S: Serializer>(principal: &Option<Arc<Principal>>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(principal) = principal else { return serializer.serialize_none() };
    let claim = |name| ClaimName::parse(name).and_then(|name| principal.claim(name));
    let job = Job {
        issuer: principal.issuer(),
        project_id: principal.project_id(),
        project_path: principal.project_path(),
        namespace_id: principal.namespace_id(),
        pipeline_id: principal.pipeline_id(),
        job_id: principal.job_id(),
        user_id: principal.user_id(),
        r#ref: claim("ref"),
        environment: claim("environment"),
        jti: principal.jti(),
        iat: principal.issued_at(),
        exp: principal.expires_at(),
        claims: FurtherClaims(principal),
    };
    job.serialize(serializer)
}

/// The claims that are members of the line themselves.
const OWN_MEMBERS: [&str; 10] = [
    "iss",
    "jti",
    "project_id",
    "project_path",
    "namespace_id",
    "pipeline_id",
    "job_id",
    "user_id",
    "ref",
    "environment",
];

/// What else a condition may rest on, so that the decision can be made again over other rows. The user's email address
/// is left out: it tells nothing the id does not, and belongs to a person.
struct FurtherClaims<'a>(&'a Principal);

impl Serialize for FurtherClaims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_further = |claim: ClaimName| match claim.as_str() {
            "user_email" => false,
            // Empty for a job without a user, which the line itself tells by leaving it out.
            "user_id" => self.0.user_id().is_none(),
            name => !OWN_MEMBERS.contains(&name),
        };
        serializer.collect_map(self.0.claims().filter(|(claim, _)| is_further(*claim)))
    }
}

impl AuditLine {
    /// A line about a request of which nothing is known yet.
    pub fn new(function: &'static str, request_id: &str, decision: &'static str, code: &'static str) -> Self {
        Self {
            kind: "audit",
            time: rfc3339(unix_now()),
            function,
            request_id: request_id.to_owned(),
            decision,
            code,
            detail: None,
            job: None,
            rejected_job: None,
            asked_for: None,
            mapping: None,
            role_arn: None,
            session_name: None,
            access_key_id: None,
            expiration: None,
            sts_request_id: None,
            dropped_tags: Vec::new(),
            source_ip: None,
            user_agent: None,
            repeat: false,
            trace: Value::Null,
            trace_left_out: 0,
        }
    }

    /// Ties the line to a job whose token is genuine, and not accepted.
    pub fn set_rejected_job(&mut self, job: RejectedJob) {
        self.rejected_job = Some(job);
    }

    /// What makes a refusal the same as another: the token, what was asked for, the code. `None` for an unknown token.
    pub(crate) fn refusal_key(&self) -> Option<String> {
        let (issuer, jti) = match (&self.job, &self.rejected_job) {
            (Some(job), _) => (job.issuer(), Some(job.jti())),
            (None, Some(job)) => (job.issuer.as_str(), job.jti.as_deref()),
            (None, None) => return None,
        };
        Some([issuer, jti?, self.asked_for.as_deref().unwrap_or_default(), self.code].join("\n"))
    }

    /// Leaves out the rows at the end that no log event has room for.
    pub(crate) fn cut_trace(&mut self) {
        let Value::Array(rows) = &mut self.trace else { return };
        if rows.len() <= SURELY_FIT {
            return;
        }
        let lengths = rows.iter().scan(0, |sum, row| {
            *sum += row.to_string().len() + 1;
            Some(*sum)
        });
        let fit = lengths.take_while(|length| *length <= LONGEST_TRACE).count();
        self.trace_left_out = rows.len() - fit;
        rows.truncate(fit);
    }

    /// Ties the line to a verified job.
    pub fn set_job(&mut self, principal: Arc<Principal>) {
        self.job = Some(principal);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(claims: &Value) -> Value {
        let principal = Principal::from_unverified_claims(&serde_json::to_vec(claims).unwrap()).unwrap();
        let mut line = AuditLine::new("credentials", "request-1", "granted", "granted");
        line.set_job(Arc::new(principal));
        serde_json::to_value(line).unwrap()
    }

    fn claims() -> Value {
        json!({
            "iss": "https://gitlab.example.com", "aud": "https://brevet.example.com", "jti": "a-jti",
            "iat": 1_790_000_000, "nbf": 1_789_999_995, "exp": 1_790_003_600,
            "project_id": "4711", "project_path": "nordwind/payments", "namespace_id": "812", "namespace_path": "nordwind",
            "user_id": "2301", "user_login": "mlind", "user_email": "mlind@nordwind.example",
            "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142", "runner_id": 88,
            "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
            "groups_direct": ["nordwind/sre"], "not_known_yet": "x",
        })
    }

    #[test]
    fn leaves_out_the_address_of_a_person_and_what_no_condition_may_rest_on() {
        let text = line(&claims()).to_string();
        for left_out in ["mlind@nordwind.example", "sre", "not_known_yet", "audience", "nbf"] {
            assert!(!text.contains(left_out), "{left_out}: {text}");
        }
    }

    #[test]
    fn holds_no_token_that_a_client_put_where_it_does_not_belong() {
        let mut line = AuditLine::new("authorizer", "request-1", "denied", "token_missing");
        line.asked_for = Some("GET /eyJhbGciOiJub25lIn0.e30.c2ln".to_owned());
        line.user_agent = Some("eyJhbGciOiJub25lIn0.e30.c2ln".to_owned());
        let line = serde_json::to_value(line).unwrap();
        assert_eq!((&line["asked_for"], &line["user_agent"]), (&json!("GET /[token]"), &json!("[token]")));
    }

    #[test]
    fn stays_one_event_of_cloudwatch_however_many_rows_were_considered() {
        for (rows, left_out) in [(50, false), (51, false), (900, false), (10_000, true)] {
            let row =
                json!({"scope": "gitlab.example.com/group/nordwind", "name": "deploy", "finding": "x".repeat(120)});
            let mut line = AuditLine::new("credentials", "request-1", "denied", "role_required");
            line.trace = Value::from(vec![row; rows]);
            line.cut_trace();
            let line = serde_json::to_value(line).unwrap();
            let (kept, gone) = (line["trace"].as_array().unwrap().len(), line.get("trace_left_out").cloned());
            assert!(line.to_string().len() < 256 * 1024, "{rows}");
            assert_eq!(gone, left_out.then(|| json!(rows - kept)), "{rows}");
            assert!(left_out || kept == rows, "{rows}");
        }
    }

    #[test]
    fn holds_each_claim_once_that_a_condition_may_rest_on() {
        let (claims, line) = (claims(), line(&claims()));
        for name in ClaimName::all().map(ClaimName::as_str).filter(|name| !["user_email", "iss"].contains(name)) {
            let presented = claims.get(name).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
            let held: Vec<&str> =
                [line.get(name), line["claims"].get(name)].into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!(held, presented.iter().collect::<Vec<_>>(), "{name}");
        }
        assert_eq!((&line["issuer"], &line["iat"], &line["exp"]), (&claims["iss"], &claims["iat"], &claims["exp"]));
    }
}
