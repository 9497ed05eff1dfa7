use brevet_policy::{AllowRule, Mapping, Reading, Right, RoleTerms, Row, RowName, Rule, Via, attributes, read};
use serde_json::Value;

use crate::world::{NOW, principal};

/// A row as JSON: what is read of it keeps the contract of the table, and a row that cannot be read gives nothing.
pub fn row(data: &[u8]) {
    let Ok(row) = serde_json::from_slice::<Row>(data) else { return };
    let reading = read(&row);
    assert_eq!(reading, read(&row), "read twice, it is two things");
    let effect = row.get("effect");
    let may_deny = effect.is_some_and(|effect| effect != "allow");
    match &reading {
        Reading::Valid(mapping) => check_mapping(&row, mapping),
        Reading::Invalid(invalid) => {
            assert!(!invalid.faults.is_empty(), "invalid without a fault");
            assert!(!may_deny || invalid.denies().is_some(), "what may have been a deny row does not deny");
        }
    }
    let job = principal(serde_json::json!({})).expect("the job is one");
    for surveyed in brevet_policy::survey(&job, std::slice::from_ref(&reading), NOW) {
        let granted = matches!(surveyed.outcome, brevet_policy::Outcome::Granted(_));
        assert!(!granted || (reading.invalid().is_none() && !may_deny), "{row:?} grants");
    }
}

fn check_mapping(row: &Row, mapping: &Mapping) {
    let known: Vec<&str> = attributes().collect();
    for (name, value) in row {
        assert!(known.contains(&name.as_str()) && !value.is_null(), "`{name}` was passed over");
    }
    assert_eq!(row.get("scope"), Some(&Value::from(mapping.scope.as_str())));
    assert_eq!(row.get("name"), Some(&Value::from(mapping.name.as_str())));
    match &mapping.rule {
        Rule::Deny(_) => assert_eq!(row.get("effect"), Some(&Value::from("deny"))),
        Rule::Allow(rule) => {
            assert!(mapping.name != RowName::Every, "an allow row for every name");
            check_allow(row, rule, mapping.name.as_str().starts_with("api."));
        }
    }
}

fn check_allow(row: &Row, rule: &AllowRule, for_api: bool) {
    let conditions = row.get("conditions").and_then(Value::as_object);
    let written = |claim: &str| conditions.and_then(|conditions| conditions.get(claim));
    let requires =
        |claim: &str| written(claim).is_some_and(|value| *value == "true" || *value == Value::from(vec!["true"]));
    let unprotected = row.get("allow_unprotected") == Some(&Value::Bool(true));
    assert!(unprotected || requires("ref_protected") || requires("environment_protected"), "nothing is protected");
    assert_eq!(rule.when.conditions.iter().count(), conditions.map_or(0, serde_json::Map::len), "a condition is lost");
    for (claim, patterns) in rule.when.conditions.iter() {
        let listed = match written(claim.as_str()) {
            Some(Value::Array(items)) => items.len(),
            other => usize::from(other.is_some()),
        };
        assert!(listed > 0 && patterns.len() == listed, "a pattern of `{claim}` is lost or made up");
    }
    match &rule.right {
        Right::Routes(terms) => assert!(for_api && !terms.routes.is_empty() && row.contains_key("routes")),
        Right::Role(terms) => {
            assert!(!for_api && !row.contains_key("routes"));
            check_role(terms);
        }
    }
}

fn check_role(terms: &RoleTerms) {
    let (arn, account) = (terms.role_arn.as_str(), terms.role_arn.account());
    assert!(arn.starts_with("arn:aws") && arn.contains(":iam::") && arn.contains(":role/"), "{arn}");
    assert!(!arn.contains(['*', '?', ' ', '$', '\n']) && account.len() == 12, "{arn}");
    assert!(account.bytes().all(|byte| byte.is_ascii_digit()), "{arn}");
    let limit = if matches!(terms.via, Via::WebIdentity) { 43_200 } else { 3_600 };
    let (usual, longest) = (terms.duration.default, terms.duration.longest);
    assert!(900 <= usual && usual <= longest && longest <= limit, "{usual} of {longest} s");
    assert!(terms.max_uses_per_token.is_none_or(|uses| (1..=100).contains(&uses)));
    assert!(terms.policy_arns.len() <= 10);
    let inline = terms.session_policy.as_ref().map_or(0, |policy| policy.to_string().chars().count());
    assert!(inline + terms.policy_arns.iter().map(String::len).sum::<usize>() <= 2_048, "more than STS takes");
}
