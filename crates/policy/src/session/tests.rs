mod policy;
mod properties;

use brevet_identity::Principal;
use serde_json::{Value, json};

use super::*;
use crate::decision::{Outcome, decide};
use crate::name::MappingName;
use crate::test_support::{NOW, principal, principal_with, row, valid};

fn grant_to(principal: &Principal, changes: Value) -> Grant {
    match decide(principal, &[valid(&row(changes))], &MappingName::parse("deploy").unwrap(), NOW) {
        Outcome::Granted(grant) => grant,
        Outcome::Denied(denial) => panic!("denied: {denial:?}"),
    }
}

fn build_for(principal: &Principal, changes: Value, narrowing: &Narrowing) -> Result<SessionRequest, SessionFault> {
    SessionRequest::build(&grant_to(principal, changes), principal, narrowing)
}

fn build(changes: Value, narrowing: &Narrowing) -> Result<SessionRequest, SessionFault> {
    build_for(&principal(), changes, narrowing)
}

fn tags_of(request: &SessionRequest) -> Vec<(String, String, bool)> {
    match &request.how {
        How::AssumeRole { tags, .. } => {
            tags.iter().map(|tag| (tag.key.clone(), tag.value.clone(), tag.audit_only)).collect()
        }
        How::WebIdentity => Vec::new(),
    }
}

fn tag(request: &SessionRequest, key: &str) -> Option<String> {
    tags_of(request).into_iter().find(|(own, ..)| own == key).map(|(_, value, _)| value)
}

#[test]
fn refuses_a_duration_the_mapping_does_not_give() {
    let cases = [
        (json!({}), 3_601, 3_600),
        (json!({}), 899, 3_600),
        (json!({}), 0, 3_600),
        (json!({}), u64::MAX, 3_600),
        (json!({"duration_seconds": 900}), 901, 900),
        (json!({"max_duration_seconds": 1_800}), 3_600, 1_800),
        (json!({"via": "web_identity", "max_duration_seconds": 43_200}), 43_201, 43_200),
    ];
    for (changes, asked, longest) in cases {
        let refused = build(changes.clone(), &Narrowing { duration_seconds: Some(asked), ..Narrowing::default() });
        assert_eq!(refused, Err(SessionFault::DurationOutOfRange { asked, longest }), "{changes}");
    }
}

#[test]
fn takes_the_duration_of_the_job_within_that_of_the_mapping() {
    let asking = |changes, asked| {
        build(changes, &Narrowing { duration_seconds: asked, ..Narrowing::default() }).unwrap().duration_seconds
    };
    assert_eq!(asking(json!({}), None), 3_600);
    assert_eq!(asking(json!({}), Some(900)), 900);
    assert_eq!(asking(json!({"duration_seconds": 900, "max_duration_seconds": 1_800}), None), 900);
    assert_eq!(asking(json!({"duration_seconds": 900, "max_duration_seconds": 1_800}), Some(1_800)), 1_800);
}

#[test]
fn refuses_a_source_identity_that_sts_would_not_take() {
    for login in [
        json!(null),
        json!(""),
        json!("x"),
        json!("mlind lind"),
        json!("mlind:x"),
        json!("é-user"),
        json!("u".repeat(65)),
    ] {
        let job = principal_with(&[("user_login", login.clone())]);
        let refused = build_for(&job, json!({"source_identity": "user_login"}), &Narrowing::default());
        assert_eq!(refused, Err(SessionFault::SourceIdentityDoesNotFit), "{login}");
    }
}

#[test]
fn sends_what_the_row_says_and_nothing_more() {
    let request = build(json!({}), &Narrowing::default()).unwrap();
    assert_eq!(request.role_arn.to_string(), "arn:aws:iam::111122223333:role/brevet/deploy");
    assert_eq!(request.session_name, "gl-4711-990231-5550142");
    assert_eq!((request.policy.as_deref(), request.policy_arns.len()), (None, 0));
    let How::AssumeRole { transitive_tag_keys, external_id, source_identity, .. } = &request.how else {
        panic!("a web identity")
    };
    assert_eq!((transitive_tag_keys.len(), external_id, source_identity), (0, &None, &None));
    let expected = [
        ("gitlab_issuer", "https://gitlab.example.com"),
        ("gitlab_project_id", "4711"),
        ("gitlab_namespace_id", "812"),
        ("gitlab_ref_protected", "true"),
        ("gitlab_environment_protected", "true"),
        ("gitlab_pipeline_source", "push"),
        ("gitlab_user_id", "2301"),
        ("gitlab_job_id", "5550142"),
    ];
    assert_eq!(tags_of(&request), expected.map(|(key, value)| (key.to_owned(), value.to_owned(), false)));
}

#[test]
fn sends_all_that_the_row_asks_for() {
    let changes = json!({
        "external_id": "ext-1", "source_identity": "job", "session_tags": ["ref", "job_id", "iss", "environment", "source_project_id"],
        "transitive_tag_keys": ["gitlab_project_id", "gitlab_environment", "gitlab_source_project_id"],
        "policy_arns": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
    let request = build(changes, &Narrowing::default()).unwrap();
    let further: Vec<_> = tags_of(&request).split_off(8);
    let expected = [("gitlab_ref", "main", true), ("gitlab_environment", "production/eu-west-1", false)];
    assert_eq!(further, expected.map(|(key, value, audit_only)| (key.to_owned(), value.to_owned(), audit_only)));
    let How::AssumeRole { transitive_tag_keys, external_id, source_identity, .. } = &request.how else {
        panic!("a web identity")
    };
    assert_eq!(
        transitive_tag_keys,
        &["gitlab_project_id", "gitlab_environment"],
        "STS refuses a key whose tag is not sent"
    );
    assert_eq!(
        (external_id.as_ref().map(Confidential::expose), source_identity.as_deref()),
        (Some("ext-1"), Some("gitlab-job-5550142"))
    );
    assert_eq!(request.policy_arns, ["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
}

#[test]
fn says_protected_in_two_words_only() {
    let unprotected = json!({"conditions": null, "allow_unprotected": true});
    for (presented, sent) in [
        (json!("true"), "true"),
        (json!("false"), "false"),
        (json!(null), "false"),
        (json!(""), "false"),
        (json!("TRUE"), "false"),
    ] {
        let job = principal_with(&[("environment_protected", presented.clone())]);
        let request = build_for(&job, unprotected.clone(), &Narrowing::default()).unwrap();
        assert_eq!(tag(&request, "gitlab_environment_protected").as_deref(), Some(sent), "{presented}");
    }
    let job = principal_with(&[("ref_protected", json!(""))]);
    let request = build_for(&job, unprotected, &Narrowing::default()).unwrap();
    assert_eq!(tag(&request, "gitlab_ref_protected").as_deref(), Some("false"));
}

#[test]
fn leaves_the_user_out_for_a_job_without_one() {
    let job = principal_with(&[("user_id", json!(""))]);
    let request = build_for(&job, json!({"session_tags": ["user_id"]}), &Narrowing::default()).unwrap();
    assert_eq!(tag(&request, "gitlab_user_id"), None);
}

#[test]
fn sends_no_tags_with_a_web_identity() {
    let request = build(json!({"via": "web_identity"}), &Narrowing::default()).unwrap();
    assert_eq!((request.how.clone(), request.without_audit_only_tags()), (How::WebIdentity, None));
}

#[test]
fn keeps_every_tag_when_the_job_sends_a_policy() {
    let tagged = json!({"session_tags": ["ref"]});
    let asked = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}});
    let narrowing = Narrowing { session_policy: Some(asked.clone()), ..Narrowing::default() };
    let large = build(tagged.clone(), &narrowing).unwrap();
    assert_eq!(large.without_audit_only_tags(), None, "a job could make its own trail disappear");
    let own = json!({"session_tags": ["ref"], "session_policy": asked});
    for (changes, narrowing) in
        [(tagged, Narrowing { duration_seconds: Some(900), ..Narrowing::default() }), (own, Narrowing::default())]
    {
        assert!(build(changes, &narrowing).unwrap().without_audit_only_tags().is_some());
    }
}

#[test]
fn goes_without_the_tags_for_auditors_and_keeps_those_that_permissions_rest_on() {
    assert_eq!(build(json!({}), &Narrowing::default()).unwrap().without_audit_only_tags(), None);
    let changes =
        json!({"session_tags": ["ref", "environment"], "transitive_tag_keys": ["gitlab_ref"], "external_id": "ext-1"});
    let request = build(changes, &Narrowing::default()).unwrap();
    let smaller = request.without_audit_only_tags().unwrap();
    assert_eq!(
        (tags_of(&smaller).len(), tag(&smaller, "gitlab_ref").is_some(), tag(&smaller, "gitlab_environment")),
        (9, true, None)
    );
    assert_eq!(SessionRequest { how: request.how.clone(), ..smaller }, request, "all else stays");
}

#[test]
fn stays_within_the_limits_of_sts_for_the_longest_ids_and_every_claim() {
    let longest = json!("9".repeat(19));
    let job = principal_with(
        &["project_id", "job_project_id", "pipeline_id", "job_id", "namespace_id"]
            .map(|claim| (claim, longest.clone())),
    );
    assert_eq!(identity::session_name(&job).len(), 62);
    let smallest =
        principal_with(&["project_id", "job_project_id", "pipeline_id", "job_id"].map(|claim| (claim, json!("0"))));
    assert_eq!(identity::session_name(&smallest), "gl-0-0-0");
    assert!(identity::source_identity(&job, Some(crate::SourceIdentity::Job)).unwrap().unwrap().len() <= 64);
    let every_claim: Vec<_> = brevet_identity::ClaimName::all().collect();
    let mut keys = tag_keys(&every_claim);
    let count = keys.len();
    keys.sort_unstable_by_key(|key| key.to_lowercase());
    keys.dedup();
    assert!(keys.len() == count && count <= 50, "{count} tags");
    assert!(keys.iter().all(|key| key.len() <= 128));
}
