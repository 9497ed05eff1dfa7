//! What a caller asks for. Only a verified caller's question is read.

use brevet_policy::{MappingName, Narrowing};
use serde_json::Value;

use crate::event::Request;
use crate::failure::Failure;

/// API Gateway passes more, a session policy is at most 2,048 characters.
const MAX_BODY_BYTES: usize = 16 * 1024;

/// A request for credentials, well formed.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The mapping; `None` to find out by itself.
    pub role: Option<MappingName>,
    /// How much less than the mapping gives.
    pub narrowing: Narrowing,
    /// How the answer is written.
    pub format: Format,
}

/// How credentials are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One JSON object for SDKs and `credential_process`.
    Json,
    /// `export` lines for a shell.
    Env,
    /// `KEY=value` lines.
    Dotenv,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    role: Option<String>,
    duration_seconds: Option<u64>,
    session_policy: Option<Value>,
}

impl Ask {
    /// Reads the question from query, path and body; each wrong part is named.
    pub(crate) fn from_request(request: &Request) -> Result<Self, Failure> {
        let mut query = Query(request);
        let format = match query.take("format")? {
            None | Some("json") => Format::Json,
            Some("env") => Format::Env,
            Some("dotenv") => Format::Dotenv,
            Some(_) => return Err(bad_request("`format` is one of `json`, `env` and `dotenv`")),
        };
        if request.method == "POST" {
            query.allow_only(&["format"])?;
            let body = read_body(request)?;
            let narrowing = Narrowing { duration_seconds: body.duration_seconds, session_policy: body.session_policy };
            return Ok(Self { role: name(body.role.as_deref())?, narrowing, format });
        }
        query.allow_only(&["role", "duration_seconds", "format"])?;
        let role = match (request.path_name.as_deref(), query.take("role")?) {
            (Some(_), Some(_)) => return Err(bad_request("the role is in the path already; leave `role` out")),
            (in_path, in_query) => in_path.or(in_query),
        };
        let duration_seconds = query.take("duration_seconds")?.map(|text| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| digits).ok_or_else(|| bad_request("`duration_seconds` is a whole number"))
        });
        let narrowing = Narrowing { duration_seconds: duration_seconds.transpose()?, session_policy: None };
        Ok(Self { role: name(role)?, narrowing, format })
    }
}

struct Query<'a>(&'a Request);

impl<'a> Query<'a> {
    fn take(&mut self, name: &str) -> Result<Option<&'a str>, Failure> {
        match self.0.query.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([value]) => Ok(Some(value)),
            Some(_) => Err(bad_request(format!("`{name}` is given more than once"))),
        }
    }

    /// A token does not belong into an address, which many a log keeps.
    fn allow_only(&self, names: &[&str]) -> Result<(), Failure> {
        match self.0.query.keys().find(|name| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some(_) => {
                let known = names.join("`, `");
                Err(bad_request(format!(
                    "the only query parameters here are `{known}`; the token goes into `Authorization`"
                )))
            }
        }
    }
}

fn name(text: Option<&str>) -> Result<Option<MappingName>, Failure> {
    let wrong =
        || bad_request("`role` is a mapping's name: small letters, digits, `.`, `_` and `-`, at most 64 of them");
    text.map(|text| MappingName::parse(text).ok_or_else(wrong)).transpose()
}

fn read_body(request: &Request) -> Result<Body, Failure> {
    let json = request.content_type.as_deref().is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    });
    if !json {
        return Err(bad_request("send the body as `Content-Type: application/json`"));
    }
    let body = request.body.as_ref().map_err(|_| bad_request("the body is marked as base64 and is not"))?;
    let body = body.as_deref().unwrap_or_default();
    if body.len() > MAX_BODY_BYTES {
        return Err(bad_request("the body is longer than 16 KiB"));
    }
    serde_json::from_slice(body).map_err(|_| {
        bad_request("the body is a JSON object with `role`, `duration_seconds` and `session_policy`, and nothing else")
    })
}

fn bad_request(sentence: impl Into<String>) -> Failure {
    Failure::BadRequest(sentence.into())
}
