use std::fmt::Write as _;

use brevet_identity::Principal;
use brevet_policy::{How, MappingName, Narrowing, Outcome, SessionRequest, SessionTag, decide, read};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::world::{NOW, object, principal};

/// The values of two jobs' claims, one job a line: STS takes every name and tag of their sessions, each tag leads back to
/// its claim, and two claims become one tag only if they are one.
pub fn tags(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, second) = text.split_once('\n').unwrap_or((text, ""));
    let (Some(one), Some(other)) = (session(first), session(second)) else { return };
    for (own, theirs) in one.iter().zip(&other) {
        let free = own.key == "gitlab_ref" || own.key == "gitlab_environment" || own.key == "gitlab_user_login";
        assert!(
            !free || (own.value == theirs.value) == (first == second),
            "{first:?} and {second:?} become {:?}",
            own.value
        );
    }
}

/// The tags of a job whose free texts all are `text`.
fn session(text: &str) -> Option<Vec<SessionTag>> {
    let job = principal(json!({
        "ref": text, "ref_path": format!("refs/heads/{text}"), "environment": text, "user_login": text,
    }))?;
    for wanted in [json!("job"), json!("user_login")] {
        let row = object(json!({
            "scope": "gitlab.example.com", "name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/{project_id}",
            "conditions": {"ref_protected": "true"}, "session_tags": ["ref", "environment", "user_login"],
            "transitive_tag_keys": ["gitlab_ref"], "source_identity": wanted,
        }));
        let name = MappingName::parse("deploy")?;
        let Outcome::Granted(grant) = decide(&job, &[read(&row)], &name, NOW) else { panic!("the row grants") };
        let Ok(request) = SessionRequest::build(&grant, &job, &Narrowing::default()) else {
            assert_eq!(wanted, "user_login", "the id of a job always fits");
            continue;
        };
        let tags = check(&request, &job, text);
        if wanted == "job" {
            return Some(tags);
        }
    }
    None
}

fn check(request: &SessionRequest, job: &Principal, text: &str) -> Vec<SessionTag> {
    let is_name = |name: &str| {
        (2..=64).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
    };
    assert!(is_name(&request.session_name), "{}", request.session_name);
    let How::AssumeRole { tags, source_identity, transitive_tag_keys, .. } = &request.how else {
        panic!("by AssumeRole")
    };
    assert!(source_identity.as_deref().is_none_or(is_name), "{source_identity:?}");
    assert!(tags.len() <= 50 && transitive_tag_keys.iter().all(|key| tags.iter().any(|tag| tag.key == *key)));
    for tag in tags {
        let taken = |character: char| character.is_ascii_alphanumeric() || " _.:/=+-@".contains(character);
        assert!(tag.key.len() <= 128 && tag.value.chars().count() <= 256, "{tag:?} is too long");
        assert!(tag.key.chars().all(taken) && tag.value.chars().all(taken), "{tag:?} is not taken");
        if ["gitlab_ref", "gitlab_environment", "gitlab_user_login"].contains(&tag.key.as_str()) {
            assert!(stands_for(&tag.value, text), "{:?} does not lead back to {text:?}", tag.value);
        }
    }
    assert_eq!(
        tags.iter().find(|tag| tag.key == "gitlab_project_id").map(|tag| tag.value.clone()),
        Some(job.project_id().to_string())
    );
    tags.clone()
}

/// Whether the tag says this text: decoded it is the text, or it was cut and carries the text's digest.
fn stands_for(value: &str, text: &str) -> bool {
    let Some((_, digest)) = value.split_once("==") else { return decoded(value).as_deref() == Some(text.as_bytes()) };
    let own = Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut own, byte| {
        let _ = write!(own, "{byte:02x}");
        own
    });
    digest == own
}

fn decoded(value: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut rest) = (Vec::new(), value);
    while let Some(first) = rest.bytes().next() {
        let length = if first == b'=' { 3 } else { 1 };
        bytes.push(if first == b'=' { u8::from_str_radix(rest.get(1..3)?, 16).ok()? } else { first });
        rest = rest.get(length..)?;
    }
    Some(bytes)
}
