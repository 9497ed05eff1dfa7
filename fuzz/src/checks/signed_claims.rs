use brevet_identity::{BearerToken, ClaimName, Principal, known_claim};
use serde_json::Value;

use crate::json::Members;
use crate::world::{AUDIENCE, ISSUER, LEEWAY, NOW, sign, verifier, wait};

/// Any payload under a good signature: whoever is verified has each claim once and in its own type, is within its time,
/// and the job is what the payload says, read a second time.
pub fn signed_claims(payload: &[u8]) {
    let Ok(token) = BearerToken::from_authorization([sign(payload).as_str()]) else { return };
    let Ok(verified) = wait(verifier().verify(&token, NOW)) else { return };
    let members = Members::read(payload).expect("a verified payload is an object");
    assert!(members.are_unique(), "a claim is there twice");
    check_tokens_own_claims(&members);
    check_job(&members, verified.principal());

    let again = wait(verifier().verify(&token, NOW)).expect("what was verified is verified again");
    assert_eq!(again.principal(), verified.principal(), "the second time it is another job");
    let expired = verified.principal().expires_at() + LEEWAY;
    assert!(wait(verifier().verify(&token, expired)).is_err(), "it is remembered beyond its time");
}

fn check_tokens_own_claims(members: &Members) {
    assert_eq!(text(members, "iss"), Some(ISSUER));
    let audience = members.get("aud").expect("there is an audience");
    assert!(*audience == AUDIENCE || *audience == Value::from(vec![AUDIENCE]), "{audience}");
    let seconds = |name| members.get(name).and_then(Value::as_u64).expect("a time is a whole number");
    let (expires, not_before, issued) = (seconds("exp"), seconds("nbf"), seconds("iat"));
    assert!(expires.saturating_add(LEEWAY) > NOW, "expired");
    assert!(not_before.max(issued) <= NOW + LEEWAY, "not valid yet");
    assert!(NOW.saturating_sub(issued) <= 3_600 && expires.saturating_sub(issued) <= 86_400, "too old");
}

fn check_job(members: &Members, principal: &Principal) {
    for (name, id) in [
        ("project_id", Some(principal.project_id())),
        ("namespace_id", Some(principal.namespace_id())),
        ("pipeline_id", Some(principal.pipeline_id())),
        ("job_id", Some(principal.job_id())),
        ("job_project_id", principal.job_project_id()),
        ("user_id", principal.user_id()),
    ] {
        let presented = text(members, name).filter(|text| !(name == "user_id" && text.is_empty()));
        let id = id.map(ToString::to_string);
        assert_eq!(id.as_deref(), presented, "{name}");
        assert!(id.is_none_or(|id| id.len() <= 19 && id.bytes().all(|byte| byte.is_ascii_digit())));
    }
    let kind = if text(members, "ref_type") == Some("tag") { "refs/tags/" } else { "refs/heads/" };
    let git_ref = text(members, "ref").filter(|text| !text.is_empty()).expect("there is a ref");
    assert_eq!(text(members, "ref_path"), Some(format!("{kind}{git_ref}").as_str()));
    assert_eq!(principal.ref_protected(), text(members, "ref_protected") == Some("true"));
    assert_eq!(principal.environment_protected(), text(members, "environment_protected") == Some("true"));
    assert_eq!(Some(principal.jti()), text(members, "jti").filter(|text| !text.is_empty()));
    assert_eq!(Some(principal.expires_at()), members.get("exp").and_then(Value::as_u64));
    for name in ClaimName::all() {
        let presented = members.get(name.as_str()).map(|value| match value {
            Value::String(text) => text.clone(),
            Value::Number(digits) if name.as_str() == "runner_id" => digits.to_string(),
            other => panic!("{name} is {other}"),
        });
        assert_eq!(principal.claim(name), presented.as_deref(), "{name}");
    }
    for unknown in principal.unknown_claims() {
        assert!(known_claim(unknown).is_none() && members.0.iter().any(|(name, _)| name == unknown), "{unknown}");
    }
}

fn text<'a>(members: &'a Members, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}
