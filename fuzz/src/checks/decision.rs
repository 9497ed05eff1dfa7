use std::sync::OnceLock;

use brevet_identity::{ClaimName, Principal};
use brevet_policy::{MappingName, Outcome, Reading, Row, decide, read, scopes_of};
use serde_json::{Value, json};

use crate::slow;
use crate::world::{NOW, principal};

/// A table as a JSON list of rows: who is granted a role has a row that says so and none that forbids it, by a naive
/// reading of the JSON; and neither the order of the rows nor an invalid one more changes a no into a yes.
pub fn decision(data: &[u8]) {
    let Ok(rows) = serde_json::from_slice::<Vec<Row>>(data) else { return };
    let readings: Vec<Reading> = rows.iter().map(read).collect();
    let reversed: Vec<Reading> = readings.iter().rev().cloned().collect();
    let valid: Vec<Reading> = readings.iter().filter(|reading| reading.invalid().is_none()).cloned().collect();
    let name = MappingName::parse("deploy").expect("the name is one");
    for job in jobs() {
        let role = |readings: &[Reading]| match decide(job, readings, &name, NOW) {
            Outcome::Granted(grant) => Some((grant.scope().to_string(), grant.terms().role_arn.as_str().to_owned())),
            Outcome::Denied(_) => None,
        };
        let granted = role(&readings);
        assert_eq!(granted.is_some(), role(&reversed).is_some(), "the order decides");
        let Some((scope, arn)) = granted else { continue };
        assert!(role(&valid).is_some(), "an invalid row opens something");
        let says_so = |row: &&Row| row.get("scope") == Some(&json!(scope)) && row.get("role_arn") == Some(&json!(arn));
        assert!(rows.iter().filter(says_so).any(|row| lets_in(row, job)), "no row lets in");
        assert!(!rows.iter().any(|row| keeps_out(row, job)), "a row keeps out");
    }
}

/// A push to protected `main`, one to an unprotected branch, and a fork's merge request.
fn jobs() -> &'static [Principal; 3] {
    static JOBS: OnceLock<[Principal; 3]> = OnceLock::new();
    JOBS.get_or_init(|| {
        let unprotected = json!({"ref": "feature/x", "ref_path": "refs/heads/feature/x", "ref_protected": "false",
            "environment": null, "environment_protected": null});
        let fork = json!({"project_id": "9902", "project_path": "mallory/payments-api", "namespace_path": "mallory",
            "namespace_id": "77", "pipeline_source": "merge_request_event"});
        [json!({}), unprotected, fork].map(|changes| principal(changes).expect("the job is one"))
    })
}

fn lets_in(row: &Row, job: &Principal) -> bool {
    let absent_or = |name: &str, value: Value| row.get(name).is_none_or(|own| *own == value);
    let fork = job.job_project_id().is_some_and(|id| id != job.project_id());
    row.get("name") == Some(&json!("deploy"))
        && absent_or("effect", json!("allow"))
        && absent_or("mode", json!("enforce"))
        && absent_or("enabled", json!(true))
        && absent_or("project_path", json!(job.project_path()))
        && (!fork || row.get("allow_fork_pipelines") == Some(&json!(true)))
        && in_time(row)
        && is_for(row, job)
        && conditions_hold(row, job, true)
}

/// A deny row whose every attribute is beyond doubt.
fn keeps_out(row: &Row, job: &Principal) -> bool {
    let plain = ["scope", "name", "effect", "conditions"];
    row.keys().all(|name| plain.contains(&name.as_str()))
        && row.get("effect") == Some(&json!("deny"))
        && matches!(row.get("name").and_then(Value::as_str), Some("deploy" | "*"))
        && is_for(row, job)
        && conditions_hold(row, job, false)
}

fn is_for(row: &Row, job: &Principal) -> bool {
    let own = row.get("scope").and_then(Value::as_str).unwrap_or_default();
    let direct = scopes_of(job).iter().any(|scope| scope.as_str() == own);
    let (host, path) = ("gitlab.example.com", job.namespace_path());
    let above = own
        .strip_prefix("gitlab.example.com/group/")
        .is_some_and(|group| format!("{path}/").starts_with(&format!("{group}/")));
    let by_id = own == format!("{host}/project/{}", job.project_id())
        || own == format!("{host}/namespace/{}", job.namespace_id());
    assert_eq!(direct, own == host || by_id || above, "{own}");
    direct
}

/// Whether nothing that is written of time is against it; RFC 3339 is left to the reader under test.
fn in_time(row: &Row) -> bool {
    let seconds = |name: &str| {
        let value = row.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    seconds("not_before").is_none_or(|start| start <= NOW) && seconds("expires_at").is_none_or(|end| end > NOW)
}

/// A pattern that would keep the slow matcher busy for long, which is another target's, counts as `unsure`.
fn conditions_hold(row: &Row, job: &Principal, unsure: bool) -> bool {
    let Some(conditions) = row.get("conditions") else { return true };
    let Some(conditions) = conditions.as_object().filter(|conditions| !conditions.is_empty()) else { return false };
    conditions.iter().all(|(claim, patterns)| {
        let presented = ClaimName::parse(claim).and_then(|claim| job.claim(claim));
        let patterns = patterns.as_array().map_or(std::slice::from_ref(patterns), Vec::as_slice);
        let matches = |pattern: &str, value: &str| {
            if pattern.matches('*').count() > 6 { unsure } else { slow::pattern::matches(pattern, value) }
        };
        let readable = patterns.iter().all(|pattern| pattern.is_string() || pattern.is_u64());
        let text = |pattern: &Value| pattern.as_str().map_or_else(|| pattern.to_string(), str::to_owned);
        let fits = |pattern: &Value| presented.is_some_and(|value| matches(&text(pattern), value));
        readable && patterns.iter().any(fits)
    })
}
