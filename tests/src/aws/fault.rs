use std::time::Duration;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A way for a call to go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer within any patience.
    Hang,
    /// The service's own word for "too fast".
    Throttle,
    /// 500, as if the service were broken.
    Internal,
    /// 200 and a page that is not the service's.
    Garbage,
    /// `BatchGetItem` reads nothing and says so.
    Unprocessed,
    /// 403, with the sentence the service would give.
    AccessDenied(String),
    /// 400, with another error code.
    Refused {
        /// The error code, without a namespace.
        code: String,
        /// The sentence beside it.
        message: String,
    },
}

impl Fault {
    /// STS found the session's policies and tags too big.
    pub fn packed_policy_too_large() -> Self {
        let message = "Packed policy consumes 117% of allotted space, please use smaller policy.";
        Self::refused("PackedPolicyTooLarge", message)
    }

    /// An error code with its sentence.
    pub fn refused(code: &str, message: &str) -> Self {
        Self::Refused { code: code.to_owned(), message: message.to_owned() }
    }

    /// The answer of DynamoDB; `None` where the operation itself knows what to do.
    pub(super) async fn dynamodb_answer(&self) -> Option<Response> {
        let error = |status, code: &str, message: &str| {
            let body = json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message});
            Some(answer(status, "application/x-amz-json-1.0", body.to_string()))
        };
        let (status, code, message) = match self.wait_or_name("ProvisionedThroughputExceededException").await {
            Named::Error(status, code, message) => (status, code, message),
            Named::Garbage => return Some(garbage()),
            Named::Nothing => return None,
        };
        error(status, &code, &message)
    }

    /// The answer of STS.
    pub(super) async fn sts_answer(&self) -> Option<Response> {
        let (status, code, message) = match self.wait_or_name("Throttling").await {
            Named::Error(status, code, message) => (status, code, message),
            Named::Garbage => return Some(garbage()),
            Named::Nothing => return None,
        };
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
             <Code>{}</Code><Message>{}</Message></Error><RequestId>fake-refusal</RequestId></ErrorResponse>",
            escape(&code),
            escape(&message)
        );
        Some(answer(status, "text/xml", body))
    }

    async fn wait_or_name(&self, throttled: &str) -> Named {
        let bad_request = StatusCode::BAD_REQUEST;
        match self {
            Self::Hang => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                Named::Garbage
            }
            Self::Throttle => Named::Error(bad_request, throttled.to_owned(), "Rate exceeded".to_owned()),
            Self::Internal => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Named::Error(status, "InternalServerError".to_owned(), "internal error".to_owned())
            }
            Self::Garbage => Named::Garbage,
            Self::Unprocessed => Named::Nothing,
            Self::AccessDenied(message) => {
                // The two services spell the code differently; each client strips what it does not expect.
                let code = if throttled == "Throttling" { "AccessDenied" } else { "AccessDeniedException" };
                Named::Error(StatusCode::FORBIDDEN, code.to_owned(), message.clone())
            }
            Self::Refused { code, message } => Named::Error(bad_request, code.clone(), message.clone()),
        }
    }
}

enum Named {
    Error(StatusCode, String, String),
    Garbage,
    Nothing,
}

pub(super) fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn garbage() -> Response {
    answer(StatusCode::OK, "text/html", "<html>a captive portal</html>".to_owned())
}
