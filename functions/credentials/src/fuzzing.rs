//! A door for the fuzz targets (`fuzz/`), which is there only when they are built.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::ask::Ask;
use crate::event::Request;

/// What an event asks for.
#[derive(Debug)]
pub struct Question {
    /// Of the request.
    pub method: String,
    /// The mapping's name.
    pub role: Option<String>,
    /// How long the session is to be.
    pub duration_seconds: Option<u64>,
    /// What it is to be narrowed by.
    pub session_policy: Option<Value>,
}

/// Reads the question of a caller who counts as verified: `None` if the event is no request, `Err` with the code if the
/// question is refused.
pub fn question(event: &RawValue) -> Option<Result<Question, &'static str>> {
    let request = Request::from_event(event).ok()?;
    let ask = Ask::from_request(&request).map_err(|failure| failure.code());
    Some(ask.map(|ask| Question {
        method: request.method,
        role: ask.role.map(|name| name.to_string()),
        duration_seconds: ask.narrowing.duration_seconds,
        session_policy: ask.narrowing.session_policy,
    }))
}
