//! Where an outcome becomes an HTTP answer: status, headers, body. One shape serves REST and HTTP APIs.

use std::collections::BTreeMap;

use brevet_function_kit::DenialDetail;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::help::HelpPage;

/// The answer of a Lambda proxy integration, payload formats 1.0 and 2.0 alike.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The HTTP status.
    pub status_code: u16,
    /// Header names in lower case.
    pub headers: BTreeMap<&'static str, String>,
    /// The body. It may hold credentials: the answer has no `Debug`.
    pub body: String,
    is_base64_encoded: bool,
}

impl Response {
    /// A good answer.
    pub fn ok(content_type: &str, body: String) -> Self {
        Self::new(200, content_type, body)
    }

    /// A refusal, in the one shape that all SDKs find their members in.
    pub fn failure(failure: &Failure, request_id: &str, detail: DenialDetail, help: &HelpPage) -> Self {
        let (code, message) = (failure.code(), failure.message());
        let mut body = json!({
            "code": code,
            "message": message,
            "Code": code,
            "Message": message,
            "help": help.of(code),
            "request_id": request_id,
        });
        if let Some(members) = body.as_object_mut() {
            members.extend(extra_member(failure, detail));
        }
        let mut response = Self::new(failure.status(), "application/json", body.to_string());
        if let Some(seconds) = failure.retry_after() {
            response.headers.insert("retry-after", seconds.to_string());
        }
        response
    }

    fn new(status_code: u16, content_type: &str, body: String) -> Self {
        let headers =
            [("content-type", content_type), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
        let headers = headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        Self { status_code, headers, body, is_base64_encoded: false }
    }
}

/// `denials` of a decision; `names` of an open question.
fn extra_member(failure: &Failure, detail: DenialDetail) -> Option<(String, Value)> {
    match (failure, detail) {
        (Failure::Denied(denial), DenialDetail::Own) => Some(("denials".to_owned(), json!(denial.denials()))),
        (Failure::Denied(denial), DenialDetail::Full) => Some(("denials".to_owned(), json!(denial.denials_in_full()))),
        (Failure::RoleRequired { names, .. }, _) => Some(("names".to_owned(), json!(names))),
        _ => None,
    }
}
