//! What STS is asked for fits STS, whichever job it is for, and never confuses two jobs.

use std::collections::HashSet;

use brevet_identity::{ClaimName, Principal};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{How, Narrowing, SessionRequest, build_for};
use crate::role::RoleArnTemplate;
use crate::test_support::{principal, principal_with};

/// Claims whose text a job's author, a user or an administrator of GitLab may choose, and whose text rests on nothing.
const CHOSEN: [&str; 6] = ["environment", "user_login", "user_email", "pipeline_source", "deployment_tier", "sha"];

fn any_id() -> impl Strategy<Value = String> {
    prop_oneof![Just("0".to_owned()), "[1-9][0-9]{0,18}", "[1-9][0-9]{18}"]
}

/// Texts that look alike once they are encoded or cut, unless the encoding keeps them apart.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a=3D#é /]{0,4}", "(=3D|=|a){0,3}", "(?s).{0,5}", "x{250,260}[=#]{0,3}", "#{80,90}"]
}

fn any_job() -> impl Strategy<Value = Principal> {
    let ids = prop::array::uniform4(any_id());
    let texts = prop::array::uniform6(prop::option::of(any_text()));
    (ids, texts).prop_map(|([project, namespace, pipeline, job], texts)| {
        let mut claims: Vec<(&str, Value)> = CHOSEN.into_iter().zip(texts.map(|text| json!(text))).collect();
        claims.extend([("project_id", json!(project)), ("job_project_id", json!(project)), ("job_id", json!(job))]);
        claims.extend([("namespace_id", json!(namespace)), ("pipeline_id", json!(pipeline))]);
        principal_with(&claims)
    })
}

fn request(job: &Principal) -> SessionRequest {
    let claims: Vec<&str> = ClaimName::all().map(ClaimName::as_str).collect();
    let row = json!({"scope": "gitlab.example.com", "session_tags": claims, "source_identity": "job"});
    build_for(job, row, &Narrowing::default()).unwrap()
}

fn tags(job: &Principal) -> Vec<(String, String)> {
    match request(job).how {
        How::AssumeRole { tags, .. } => tags.into_iter().map(|tag| (tag.key, tag.value)).collect(),
        How::WebIdentity => Vec::new(),
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`, of which no more than ASCII is needed.
fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" _.:/=+-@".contains(&byte)
}

/// `[\w+=,.@-]`.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_session_name_is_one_sts_takes_and_tells_the_job(job in any_job()) {
        let request = request(&job);
        let name = &request.session_name;
        prop_assert!((2..=64).contains(&name.len()) && name.bytes().all(is_name_byte), "{}", name);
        let ids: Vec<&str> = name.split('-').collect();
        prop_assert_eq!(ids, ["gl", &*job.project_id().to_string(), &*job.pipeline_id().to_string(), &*job.job_id().to_string()]);
        let How::AssumeRole { source_identity: Some(source), .. } = request.how else { panic!("is asked for") };
        prop_assert!((2..=64).contains(&source.len()) && source.bytes().all(is_name_byte), "{}", source);
    }

    #[test]
    fn every_tag_is_one_sts_takes_and_no_key_comes_twice(job in any_job()) {
        let tags = tags(&job);
        let keys: HashSet<String> = tags.iter().map(|(key, _)| key.to_lowercase()).collect();
        prop_assert!(tags.len() <= 50 && keys.len() == tags.len(), "{:?}", tags);
        for (key, value) in &tags {
            prop_assert!((1..=128).contains(&key.len()) && key.bytes().all(is_tag_byte), "{}", key);
            prop_assert!(value.len() <= 256 && value.bytes().all(is_tag_byte), "{}", value);
        }
    }

    #[test]
    fn two_jobs_have_the_same_tags_only_if_they_have_the_same_claims(
        (one, other) in (any_job(), prop::option::of((select(CHOSEN.to_vec()), any_text()))).prop_map(|(one, change)| {
            let claims: Vec<(&str, Value)> =
                one.claims().map(|(claim, value)| (claim.as_str(), json!(value))).filter(|(claim, _)| *claim != "runner_id").collect();
            let changed = change.map(|(claim, text)| (claim, json!(text)));
            (principal_with(&claims), principal_with(&claims.into_iter().chain(changed).collect::<Vec<_>>()))
        }),
    ) {
        prop_assert_eq!(tags(&one) == tags(&other), one.claims().eq(other.claims()));
    }

    #[test]
    fn no_job_leads_out_of_the_path_that_the_row_names(
        before in subsequence(vec!["brevet/", "team.x/", "a/b/"], 0..=3),
        parts in prop::collection::vec(select(vec!["{project_id}", "{namespace_id}", "deploy", "-", "p_", "a/", "x@y"]), 0..4),
        job in any_job(),
    ) {
        let beginning = format!("arn:aws:iam::111122223333:role/{}", before.concat());
        let text = format!("{beginning}{}", parts.concat());
        let Some(template) = RoleArnTemplate::parse(&text) else { return Ok(()) };
        let arn = template.for_job(&job);
        let literal = &text[..text.find('{').unwrap_or(text.len())];
        prop_assert!(literal.starts_with(&beginning) && arn.to_string().starts_with(literal), "{}", arn);
        prop_assert_eq!(arn.to_string().matches('/').count(), text.matches('/').count(), "{}", arn);
        let (_, role) = arn.to_string().split_once(":role/").map(|(head, role)| (head.to_owned(), role.to_owned())).unwrap();
        prop_assert!(role.split('/').all(|segment| !segment.is_empty() && segment.bytes().all(is_name_byte)), "{}", arn);
        prop_assert_eq!((arn.account(), arn.partition()), ("111122223333", "aws"));
    }

    #[test]
    fn a_text_that_is_nearly_a_template_is_refused_or_stays_in_its_account(
        place in 0_usize..60, further in select(vec!["{project_id}", "{ref}", "{", "}", "/", "..", "*", "?", ":", " ", "é", "\n", "$"]), job in any_job(),
    ) {
        let mut text = "arn:aws:iam::111122223333:role/brevet/p-{project_id}".to_owned();
        text.insert_str(place.min(text.len()), further);
        let Some(template) = RoleArnTemplate::parse(&text) else { return Ok(()) };
        let arn = template.for_job(&job).to_string();
        prop_assert!(arn.starts_with("arn:aws:iam::111122223333:role/"), "{}", arn);
        prop_assert!(arn[31..].bytes().all(|byte| byte == b'/' || is_name_byte(byte)), "{}", arn);
    }
}

#[test]
fn the_job_of_the_tests_has_all_the_tags_that_are_always_sent() {
    assert!(tags(&principal()).len() > 8);
}
