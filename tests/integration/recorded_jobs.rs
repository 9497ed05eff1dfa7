//! The job of an audit line, read back to try other rows on it, is the job about which the line was written.

use std::sync::Arc;

use brevet_function_kit::AuditLine;
use brevet_identity::{CLAIMS, Claim, ClaimName, ClaimUse, Principal};
use brevet_review::RecordedDecision;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Claims of a job, each with any value that leaves them a job's; what need not be there may be missing, null or empty.
fn any_claims() -> impl Strategy<Value = Map<String, Value>> {
    let claims: Vec<_> = CLAIMS.iter().filter(|claim| ClaimName::parse(claim.name).is_some()).map(any_claim).collect();
    let reference = prop_oneof![Just(("branch", "heads")), Just(("tag", "tags"))];
    let times = (0_u64..1_700_000_000, 0_u64..1_000_000);
    (claims, reference, times).prop_map(|(claims, (kind, directory), (issued_at, lifetime))| {
        let mut claims: Map<String, Value> = claims.into_iter().flatten().collect();
        let path = format!("refs/{directory}/{}", claims["ref"].as_str().unwrap_or_default());
        claims.extend([("ref_type".to_owned(), json!(kind)), ("ref_path".to_owned(), json!(path))]);
        claims.extend([("iat".to_owned(), json!(issued_at)), ("exp".to_owned(), json!(issued_at + lifetime))]);
        claims
    })
}

fn any_claim(claim: &'static Claim) -> BoxedStrategy<Option<(String, Value)>> {
    let id = "0|[1-9][0-9]{0,17}".prop_map(Value::from);
    let text = prop_oneof!["[a-z/.-]{1,8}", "\\PC{1,6}", "(?s).{1,6}"].prop_map(Value::from);
    let value = match claim.name {
        "project_id" | "namespace_id" | "pipeline_id" | "job_id" | "job_project_id" => id.boxed(),
        "user_id" => prop_oneof![3 => id, 1 => Just(json!(""))].boxed(),
        "runner_id" => prop_oneof![any::<u64>().prop_map(Value::from), text].boxed(),
        _ if is_needed(claim) => text.boxed(),
        _ => prop_oneof![4 => text, 1 => Just(json!(""))].boxed(),
    };
    let value = value.prop_map(|value| Some((claim.name.to_owned(), value)));
    if is_needed(claim) {
        return value.boxed();
    }
    prop_oneof![6 => value, 1 => Just(Some((claim.name.to_owned(), Value::Null))), 1 => Just(None)].boxed()
}

fn is_needed(claim: &Claim) -> bool {
    claim.usage == ClaimUse::Checked && !["job_project_id", "user_id"].contains(&claim.name)
}

/// All on which a condition may rest, but for a person's address, which no line holds.
fn presented(job: &Principal) -> Vec<(ClaimName, &str)> {
    job.claims().filter(|(claim, _)| claim.as_str() != "user_email").collect()
}

fn read_back(job: &Principal) -> Option<Principal> {
    let mut line = AuditLine::new("credentials", "request-1", "granted", "granted");
    line.set_job(Arc::new(job.clone()));
    let line = serde_json::to_string(&line).expect("a line can be written");
    let decision = RecordedDecision::parse(&line).expect("a line can be read");
    decision.job_at(decision.time)
}

proptest! {
    #[test]
    fn a_job_read_back_from_its_line_is_the_same_to_every_condition(claims in any_claims()) {
        let claims = serde_json::to_vec(&claims).expect("claims can be written");
        let job = Principal::from_unverified_claims(&claims).expect("the claims are a job's");
        let again = read_back(&job).expect("the line holds the job's claims");
        prop_assert_eq!(presented(&again), presented(&job));
        prop_assert_eq!((again.issued_at(), again.expires_at()), (job.issued_at(), job.expires_at()));
    }
}
