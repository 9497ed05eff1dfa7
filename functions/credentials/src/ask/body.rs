use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::bad_request;
use crate::event::Request;
use crate::failure::Failure;

/// API Gateway passes more, a session policy is at most 2,048 characters.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// What a `POST` asks for.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) role: Option<String>,
    pub(super) duration_seconds: Option<u64>,
    pub(super) session_policy: Option<Value>,
}

impl Body {
    /// Reads the body, and tells what is wrong with it without repeating it: it may hold anything.
    pub(super) fn read(request: &Request) -> Result<Self, Failure> {
        let body = request.body.as_ref().map_err(|_| bad_request("the body is marked as base64 and is not"))?;
        let body = body.as_deref().unwrap_or_default();
        if body.is_empty() {
            return Err(bad_request("there is no body; send a JSON object, such as `{\"role\": \"deploy\"}`"));
        }
        if !is_json(request.content_type.as_deref()) {
            return Err(bad_request("send the body as `Content-Type: application/json`"));
        }
        if body.len() > MAX_BODY_BYTES {
            return Err(bad_request("the body is longer than 16 KiB"));
        }
        let Members(members) = serde_json::from_slice(body).map_err(|fault| not_an_object(&fault))?;
        let mut read = Self::default();
        let mut seen = Vec::new();
        for (name, value) in members {
            if seen.contains(&name) {
                return Err(bad_request("the body has a member twice"));
            }
            read.set(&name, value)?;
            seen.push(name);
        }
        Ok(read)
    }

    fn set(&mut self, name: &str, value: Value) -> Result<(), Failure> {
        match (name, value) {
            ("role" | "duration_seconds" | "session_policy", Value::Null) => {}
            ("role", Value::String(text)) => self.role = Some(text),
            ("role", _) => return Err(bad_request("`role` is a string: a mapping's name")),
            ("duration_seconds", value) => {
                let wrong = || bad_request("`duration_seconds` is a whole number, not in quotes");
                self.duration_seconds = Some(value.as_u64().ok_or_else(wrong)?);
            }
            ("session_policy", value) => self.session_policy = Some(value),
            _ => {
                let sentence = "the members of the body are `role`, `duration_seconds` and `session_policy`; \
                                it has another one";
                return Err(bad_request(sentence));
            }
        }
        Ok(())
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let kind = content_type.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

fn not_an_object(fault: &serde_json::Error) -> Failure {
    bad_request(match fault.classify() {
        Category::Data => "the body is JSON, but not an object".to_owned(),
        Category::Syntax | Category::Eof | Category::Io => {
            format!("the body is not JSON: line {}, column {}", fault.line(), fault.column())
        }
    })
}

/// The members of an object as they were written, repeated ones included.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
