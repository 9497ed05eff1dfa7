//! A job's policy on top of the mapping's.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Narrowing, SessionFault, build};

fn inline(changes: Value, asked: Value) -> Result<Option<String>, SessionFault> {
    build(changes, &Narrowing { session_policy: Some(asked), ..Narrowing::default() }).map(|request| request.policy)
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn policy(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn refusal(changes: Value, asked: Value) -> String {
    match inline(changes, asked) {
        Err(fault @ SessionFault::PolicyInvalid(_)) => fault.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn refuses_what_is_no_policy() {
    let cases = [
        json!(null),
        json!(7),
        json!("x"),
        json!("[]"),
        json!([]),
        json!({}),
        json!({"Statement": []}),
        json!({"Statement": [1]}),
        json!({"Statement": {}, "Extra": 1}),
        json!({"Version": "now", "Statement": {}}),
        json!({"Statement": {"Sid": "\u{2603}"}}),
    ];
    for asked in cases {
        let sentence = refusal(json!({}), asked.clone());
        assert!(sentence.starts_with("`session_policy` "), "{asked}: {sentence}");
    }
}

#[test]
fn takes_a_policy_of_the_size_that_sts_takes_and_none_that_is_larger() {
    let of_size = |size: usize| {
        let rest = policy(vec![allow("s3:GetObject", "")]).to_string().len();
        policy(vec![allow("s3:GetObject", &"x".repeat(size - rest))])
    };
    assert!(inline(json!({}), of_size(2_048)).is_ok());
    assert!(refusal(json!({}), of_size(2_049)).contains("needs 2049 characters"));
}

#[test]
fn refuses_a_text_in_which_a_member_is_there_twice() {
    let twice = [
        r#"{"Statement": {"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        r#"{"Statement": [], "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        r#"{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a": "1", "a": "2"}}}}"#,
    ];
    for text in twice {
        assert_eq!(refusal(json!({}), json!(text)), "`session_policy` is not JSON, or has a member twice");
    }
    let plain =
        r#"{"Statement":[{"Action":[],"Condition":{"A":{"b":[1,-1,1.5,true,null]}},"Effect":"Allow","Resource":"*"}]}"#;
    assert_eq!(inline(json!({}), json!(plain)), Ok(Some(plain.to_owned())));
}

#[test]
fn refuses_more_characters_than_sts_takes_for_all_policies_together() {
    let large = policy(vec![allow("s3:GetObject", &format!("arn:aws:s3:::{}", "x".repeat(1_920)))]);
    assert!(large.to_string().len() <= 2_048);
    assert!(inline(json!({}), large.clone()).is_ok());
    refusal(json!({"policy_arns": "arn:aws:iam::aws:policy/ReadOnlyAccess"}), large.clone());
    refusal(json!({"session_policy": policy(vec![allow("s3:*", "*")])}), large);
    refusal(json!({}), policy(vec![allow("s3:GetObject", &"x".repeat(2_048))]));
}

#[test]
fn refuses_statements_whose_opposite_it_cannot_write() {
    let own = json!({"session_policy": policy(vec![allow("s3:*", "*")])});
    let cases = [
        json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {}}),
        json!({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
        json!({"Effect": "Allow", "Action": "s3:*", "NotResource": "*"}),
        json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": "*"}),
        json!({"Effect": "Allow", "Action": "s3:*"}),
        json!({"Effect": "Allow", "Resource": "*"}),
        json!({"Effect": "allow", "Action": "s3:*", "Resource": "*"}),
        json!({"Action": "s3:*", "Resource": "*"}),
        json!({"Effect": "Allow", "Action": [], "Resource": "*"}),
        json!({"Effect": "Allow", "Action": [1], "Resource": "*"}),
        json!({"Effect": "Allow", "Action": "", "Resource": "*"}),
        json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"}),
    ];
    for statement in cases {
        refusal(own.clone(), policy(vec![statement.clone()]));
    }
    refusal(own, policy(vec![allow("a:1", "1"), allow("a:2", "2"), allow("a:3", "3"), allow("a:4", "4")]));
}

#[test]
fn sends_the_policy_of_the_job_as_it_is_when_the_mapping_has_none() {
    let asked = policy(vec![
        json!({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
    ]);
    assert_eq!(inline(json!({}), asked.clone()), Ok(Some(asked.to_string())));
    assert_eq!(inline(json!({}), json!(serde_json::to_string_pretty(&asked).unwrap())), Ok(Some(asked.to_string())));
}

#[test]
fn sends_the_policy_of_the_mapping_minified_when_the_job_has_none() {
    let own = policy(vec![allow("s3:*", "*")]);
    let request =
        build(json!({"session_policy": serde_json::to_string_pretty(&own).unwrap()}), &Narrowing::default()).unwrap();
    assert_eq!(request.policy, Some(own.to_string()));
}

#[test]
fn adds_the_opposite_of_the_policy_of_the_job_to_that_of_the_mapping() {
    let own = json!({"session_policy": policy(vec![allow("s3:*", "*")])});
    let asked = policy(vec![
        json!({"Sid": "Mine", "Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::a/*"]}),
        json!({"Effect": "Deny", "Action": ["s3:Put*"], "Resource": "*"}),
    ]);
    let combined: Value = serde_json::from_str(&inline(own, asked).unwrap().unwrap()).unwrap();
    let expected = policy(vec![
        allow("s3:*", "*"),
        json!({"Effect": "Deny", "Action": "*", "NotResource": ["arn:aws:s3:::a/*"]}),
        json!({"Effect": "Deny", "NotAction": ["s3:GetObject"], "Resource": "*"}),
        json!({"Effect": "Deny", "Action": ["s3:Put*"], "Resource": ["*"]}),
    ]);
    assert_eq!(combined, expected);
}

#[test]
fn sends_the_opposite_alone_beside_managed_policies() {
    let own = json!({"policy_arns": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    let combined: Value =
        serde_json::from_str(&inline(own, policy(vec![allow("s3:GetObject", "*")])).unwrap().unwrap()).unwrap();
    assert_eq!(combined, policy(vec![json!({"Effect": "Deny", "NotAction": ["s3:GetObject"], "Resource": "*"})]));
}

#[test]
fn sends_no_policy_beside_managed_policies_when_the_job_denies_itself_nothing() {
    let own = json!({"policy_arns": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
    assert_eq!(inline(own, policy(vec![allow("*", "*")])), Ok(None), "STS takes no policy without statements");
}

#[test]
fn keeps_the_version_of_the_policy_of_the_mapping() {
    let own = json!({"session_policy": {"Statement": allow("s3:*", "*")}});
    let combined: Value =
        serde_json::from_str(&inline(own, policy(vec![allow("s3:Get*", "*")])).unwrap().unwrap()).unwrap();
    assert_eq!(combined.get("Version"), None, "variables in it would come alive");
}

/// What IAM makes of a policy whose actions and resources are single letters or `*`: any deny wins, else any allow.
fn permits(policy: &Value, action: &str, resource: &str) -> bool {
    let among = |list: &Value, text: &str| {
        let items = list.as_array().map_or(std::slice::from_ref(list), Vec::as_slice);
        items.iter().any(|item| item == text || item == "*")
    };
    let applies = |statement: &Value| {
        let action_applies = match statement.get("Action") {
            Some(list) => among(list, action),
            None => !among(&statement["NotAction"], action),
        };
        let resource_applies = match statement.get("Resource") {
            Some(list) => among(list, resource),
            None => !among(&statement["NotResource"], resource),
        };
        action_applies && resource_applies
    };
    let effects: Vec<&Value> = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|statement| applies(statement))
        .map(|statement| &statement["Effect"])
        .collect();
    effects.contains(&&json!("Allow")) && !effects.contains(&&json!("Deny"))
}

fn statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let letters = || prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "d", "*"]), 1..3);
    (letters(), letters())
        .prop_map(move |(actions, resources)| json!({"Effect": effect, "Action": actions, "Resource": resources}))
}

proptest! {
    #[test]
    fn permits_exactly_what_both_policies_permit(
        own in prop::collection::vec(prop_oneof![statement("Allow"), statement("Deny")], 1..4),
        allowed in prop::collection::vec(statement("Allow"), 1..4),
        denied in prop::collection::vec(statement("Deny"), 0..2),
    ) {
        let (own, asked) = (policy(own), policy([allowed, denied].concat()));
        let combined = inline(json!({"session_policy": own}), asked.clone()).unwrap().unwrap();
        let combined: Value = serde_json::from_str(&combined).unwrap();
        for action in ["a", "b", "c", "d", "e"] {
            for resource in ["a", "b", "c", "d", "e"] {
                let both = permits(&own, action, resource) && permits(&asked, action, resource);
                prop_assert_eq!(permits(&combined, action, resource), both, "{} on {}: {}", action, resource, combined);
            }
        }
    }

    #[test]
    fn permits_nothing_that_the_job_or_the_policies_of_the_mapping_do_not_permit(
        own in prop::option::of(prop::collection::vec(prop_oneof![statement("Allow"), statement("Deny")], 1..3)),
        managed in prop::option::of(prop::collection::vec(prop_oneof![statement("Allow"), statement("Deny")], 1..3)),
        allowed in prop::collection::vec(statement("Allow"), 1..4),
        denied in prop::collection::vec(statement("Deny"), 0..2),
    ) {
        let asked = policy([allowed, denied].concat());
        let mut row = json!({"session_policy": own.clone().map(policy)});
        row["policy_arns"] = managed.as_ref().map_or(json!(null), |_| json!("arn:aws:iam::aws:policy/ReadOnlyAccess"));
        let inline = inline(row, asked.clone()).unwrap().map(|text| serde_json::from_str::<Value>(&text).unwrap());
        let inline = inline.map(|inline| inline["Statement"].as_array().unwrap().clone());
        // STS adds the inline and the managed policies up; without any, the role is not narrowed.
        let whole = vec![allow("*", "*")];
        let added_up = |inline: Option<Vec<Value>>| policy(match (inline, managed.clone()) {
            (None, None) => whole.clone(),
            (inline, managed) => [inline, managed].into_iter().flatten().flatten().collect(),
        });
        let (before, after) = (added_up(own), added_up(inline));
        for action in ["a", "b", "c", "d", "e"] {
            for resource in ["a", "b", "c", "d", "e"] {
                let both = permits(&before, action, resource) && permits(&asked, action, resource);
                prop_assert_eq!(permits(&after, action, resource), both, "{} on {}: {}", action, resource, after);
            }
        }
    }
}
