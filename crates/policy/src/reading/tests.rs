mod deny;
mod faults;
mod slips;
mod spelling;
mod typo;

use serde_json::{Value, json};

use super::*;
use crate::mapping::{Mode, Right};
use crate::terms::{SourceIdentity, Via};
use crate::test_support::{api_row, invalid, row, valid};

fn mapping(changes: Value) -> Mapping {
    match valid(&row(changes)) {
        Reading::Valid(mapping) => mapping,
        Reading::Invalid(_) => unreachable!(),
    }
}

fn allow(changes: Value) -> AllowRule {
    match mapping(changes).rule {
        Rule::Allow(rule) => *rule,
        Rule::Deny(_) => panic!("is a deny row"),
    }
}

fn role_terms(changes: Value) -> crate::terms::RoleTerms {
    match allow(changes).right {
        Right::Role(terms) => terms,
        Right::Routes(_) => panic!("is for an API"),
    }
}

/// Where the faults are.
fn faults(changes: Value) -> Vec<String> {
    invalid(&row(changes)).faults.into_iter().map(|fault| fault.attribute).collect()
}

fn tags(attribute: &str, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("arn:aws:iam::aws:policy/{attribute}{index}")).collect()
}

#[test]
fn keeps_the_patterns_of_each_claim() {
    let conditions = allow(json!({"conditions": {"ref_protected": "true", "ref": ["main", "v*"]}})).when.conditions;
    let written = |claim: &str| {
        let patterns = conditions.get(brevet_identity::ClaimName::parse(claim).unwrap());
        patterns.map(|patterns| patterns.iter().map(crate::Pattern::as_str).collect::<Vec<_>>())
    };
    assert_eq!(written("ref"), Some(vec!["main", "v*"]));
    assert_eq!(written("ref_protected"), Some(vec!["true"]));
    assert_eq!(written("environment"), None);
    let claims: Vec<&str> = conditions.iter().map(|(claim, _)| claim.as_str()).collect();
    assert_eq!(claims, ["ref", "ref_protected"]);
}

#[test]
fn reads_the_shortest_time_that_may_also_be_the_longest() {
    let duration = role_terms(json!({"duration_seconds": 900, "max_duration_seconds": 900})).duration;
    assert_eq!((duration.default, duration.longest), (900, 900));
}

#[test]
fn keeps_confidential_and_misspelt_attributes_from_readers_of_a_log() {
    for attribute in ["external_id", "usage_plan_key", "externalid", "EXTERNAL_ID", "usage_plan_key ", ""] {
        assert!(!is_disclosable(attribute), "{attribute}");
    }
    for attribute in ["scope", "role_arn", "conditions", "session_policy", "routes", "managed_by"] {
        assert!(is_disclosable(attribute), "{attribute}");
    }
}
