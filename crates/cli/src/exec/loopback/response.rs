use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::session::SessionCredentials;

/// Brevet's answer as it came.
pub(super) fn session(session: &SessionCredentials) -> Response<Full<Bytes>> {
    json_response(StatusCode::OK, session.expose_body().to_owned())
}

/// Brevet's own answer where there is one: the user of an SDK reads Brevet's sentence.
pub(super) fn passed_on(failure: &Failure) -> Response<Full<Bytes>> {
    let explanation = failure.explanation();
    let status = match (&explanation.answer, failure) {
        (Some(answer), _) => StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY),
        (None, Failure::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        (None, Failure::Refused(_)) => StatusCode::FORBIDDEN,
        (None, Failure::Misconfigured(_) | Failure::Usage(_) | Failure::Unsuccessful(_)) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    let given = explanation.answer.as_ref();
    let mut members = given.map_or_else(Map::new, |answer| answer.members().clone());
    members.extend(in_every_spelling(&explanation.code, &explanation.message));
    if let Some(help) = &explanation.help {
        members.insert("help".to_owned(), json!(help));
    }
    let mut response = json_response(status, Value::Object(members).to_string());
    if matches!(failure, Failure::Unavailable(_)) {
        let seconds = given.and_then(|answer| answer.retry_after).map_or(1, |wait| wait.as_secs());
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A refusal of our own.
pub(super) fn refusal(status: StatusCode, code: &str, message: &str) -> Response<Full<Bytes>> {
    json_response(status, Value::Object(in_every_spelling(code, message)).to_string())
}

/// Both spellings: SDKs of different languages look for different ones.
fn in_every_spelling(code: &str, message: &str) -> Map<String, Value> {
    [("code", code), ("message", message), ("Code", code), ("Message", message)]
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .into_iter()
        .collect()
}

fn json_response(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
