use brevet_credentials::fuzzing::question as read_question;
use brevet_policy::MappingName;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::Members;

/// An event of the credentials function whose caller counts as verified: the question has a name that is one, and asks for
/// exactly what the body says, each member once; a `GET` brings no policy.
pub fn question(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(event) = RawValue::from_string(text.to_owned()) else { return };
    let Some(question) = read_question(&event) else { return };
    let question = match question {
        Ok(question) => question,
        Err(code) => return assert_eq!(code, "bad_request"),
    };
    assert!(question.role.as_deref().is_none_or(|name| MappingName::parse(name).is_some()), "{question:?}");
    let event: Value = serde_json::from_str(text).expect("it was read as JSON");
    if question.method != "POST" {
        let body = event.get("body").and_then(Value::as_str).unwrap_or_default();
        assert!(body.is_empty() && question.session_policy.is_none(), "a `GET` with a body: {question:?}");
        return;
    }
    // What is encoded is read by the function alone.
    if event.get("isBase64Encoded").is_some_and(|flag| *flag == true) {
        return;
    }
    let body = event.get("body").and_then(Value::as_str).unwrap_or_default();
    let members = Members::read(body.as_bytes()).expect("the body of a question is an object");
    assert!(members.are_unique(), "a member is there twice: {body}");
    assert!(members.0.iter().all(|(name, _)| ["role", "duration_seconds", "session_policy"].contains(&name.as_str())));
    assert_eq!(question.role.as_deref(), members.get("role").and_then(Value::as_str));
    assert_eq!(question.duration_seconds, members.get("duration_seconds").and_then(Value::as_u64));
    assert_eq!(question.session_policy.as_ref(), members.get("session_policy"));
}
