use brevet_identity::Principal;
use brevet_policy::{MappingName, Narrowing, Outcome, Reading, Row, SessionFault, SessionRequest, decide, read};
use serde_json::{Value, json};

use crate::slow::iam;
use crate::world::{NOW, object, principal};

/// `{"own": policy, "arns": [...], "asked": policy}`: what the session may do with the job's policy on top of the mapping's
/// is what both of them permit, and STS takes it.
pub fn session_policy(data: &[u8]) {
    let Ok(input) = serde_json::from_slice::<Row>(data) else { return };
    let Some(asked) = input.get("asked") else { return };
    let mut row = object(json!({
        "scope": "gitlab.example.com", "name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "conditions": {"ref_protected": "true"},
    }));
    row.extend(input.get("own").map(|own| ("session_policy".to_owned(), own.clone())));
    row.extend(input.get("arns").map(|arns| ("policy_arns".to_owned(), arns.clone())));
    let reading = read(&row);
    let job = principal(json!({})).expect("the job is one");
    let name = MappingName::parse("deploy").expect("the name is one");
    let Outcome::Granted(grant) = decide(&job, std::slice::from_ref(&reading), &name, NOW) else {
        assert!(matches!(reading, Reading::Invalid(_)));
        return;
    };
    let terms = grant.terms();
    let request = match build(&grant, &job, Some(asked.clone())) {
        Err(SessionFault::PolicyInvalid(_)) => return,
        other => other.expect("there is nothing else to refuse"),
    };
    let managed = !terms.policy_arns.is_empty();
    let Some(combined) = request.policy else {
        assert!(terms.session_policy.is_none() && managed, "the job's policy is dropped");
        return;
    };
    let used = combined.chars().count() + terms.policy_arns.iter().map(String::len).sum::<usize>();
    assert!(used <= 2_048, "{used} characters");
    let combined: Value = serde_json::from_str(&combined).expect("a policy is JSON");
    let asked = match asked {
        Value::String(text) => serde_json::from_str(text).expect("it was taken"),
        other => other.clone(),
    };
    hold_against(&combined, terms.session_policy.as_ref(), managed, &asked);
}

fn build(grant: &brevet_policy::Grant, job: &Principal, asked: Option<Value>) -> Result<SessionRequest, SessionFault> {
    SessionRequest::build(grant, job, &Narrowing { duration_seconds: None, session_policy: asked })
}

/// STS lets a session do what its inline policy or one of its managed policies allows and none denies. Managed ones are
/// taken to allow everything: what the inline policy does not deny is then permitted.
fn hold_against(combined: &Value, own: Option<&Value>, managed: bool, asked: &Value) {
    let everything = json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    let beside_managed = |policy: &Value| {
        let mut statements =
            policy["Statement"].as_array().cloned().unwrap_or_else(|| vec![policy["Statement"].clone()]);
        statements.push(everything["Statement"].clone());
        json!({"Statement": statements})
    };
    let session = if managed { beside_managed(combined) } else { combined.clone() };
    let mappings = match (own, managed) {
        (Some(own), true) => beside_managed(own),
        (Some(own), false) => own.clone(),
        (None, _) => everything,
    };
    let actions = samples(&[combined, &mappings, asked], &["Action", "NotAction"]);
    let resources = samples(&[combined, &mappings, asked], &["Resource", "NotResource"]);
    for conditions_hold in [true, false] {
        for action in &actions {
            for resource in &resources {
                let permitted = |policy| iam::permits(policy, action, resource, conditions_hold);
                let both = permitted(&mappings) && permitted(asked);
                assert_eq!(permitted(&session), both, "`{action}` on `{resource}`");
            }
        }
    }
}

/// Texts that the patterns of the policies match, nearly match and do not match.
fn samples(policies: &[&Value], members: &[&str]) -> Vec<String> {
    let mut samples = vec!["none:Other".to_owned()];
    for text in policies.iter().flat_map(|policy| iam::texts(policy, members)) {
        samples.extend([text.replace(['*', '?'], ""), text.replace(['*', '?'], "x"), text.replace('*', "/a*")]);
    }
    samples.sort_unstable();
    samples.dedup();
    samples.truncate(16);
    samples
}
