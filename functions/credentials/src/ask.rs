//! What a caller asks for. Only a verified caller's question is read.

mod body;
mod query;

#[cfg(test)]
mod tests;

use brevet_policy::{MappingName, Narrowing};

use self::body::Body;
use self::query::Query;
pub(crate) use self::query::{no_query, token_in_query};
use crate::event::Request;
use crate::failure::Failure;

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

impl Ask {
    /// Reads the question from query, path and body; each wrong part is named.
    pub(crate) fn from_request(request: &Request) -> Result<Self, Failure> {
        let query = Query(request);
        let format = match query.take("format")? {
            None | Some("json") => Format::Json,
            Some("env") => Format::Env,
            Some("dotenv") => Format::Dotenv,
            Some(_) => return Err(bad_request("`format` is one of `json`, `env` and `dotenv`")),
        };
        if request.method == "POST" {
            query.allow_only(&["format"])?;
            let body = Body::read(request)?;
            let narrowing = Narrowing { duration_seconds: body.duration_seconds, session_policy: body.session_policy };
            return Ok(Self { role: name(body.role.as_deref())?, narrowing, format });
        }
        query.allow_only(&["role", "duration_seconds", "format"])?;
        // Were it passed over, a policy in it would be, too, and the session be wider than was asked for.
        if !matches!(&request.body, Ok(body) if body.as_ref().is_none_or(Vec::is_empty)) {
            return Err(bad_request("a body belongs to `POST /credentials`; a `GET` has none"));
        }
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

fn name(text: Option<&str>) -> Result<Option<MappingName>, Failure> {
    let wrong =
        || bad_request("`role` is a mapping's name: small letters, digits, `.`, `_` and `-`, at most 64 of them");
    text.map(|text| MappingName::parse(text).ok_or_else(wrong)).transpose()
}

fn bad_request(sentence: impl Into<String>) -> Failure {
    Failure::BadRequest(sentence.into())
}
