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
            Some(_) if names.is_empty() => {
                Err(bad_request("no query parameter belongs here; the token goes into `Authorization`"))
            }
            Some(_) => {
                let known = names.join("`, `");
                let sentence =
                    format!("the only query parameters here are `{known}`; the token goes into `Authorization`");
                Err(bad_request(sentence))
            }
        }
    }
}

/// For the routes that take no question at all.
pub(crate) fn no_query(request: &Request) -> Result<(), Failure> {
    Query(request).allow_only(&[])
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::event::{BodyNotBase64, Origin};

    fn get(query: &[(&str, &[&str])]) -> Request {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Request {
            method: "GET".to_owned(),
            route: "/credentials".to_owned(),
            path_name: None,
            authorization: Vec::new(),
            content_type: None,
            query: query.iter().map(|(name, given)| ((*name).to_owned(), values(given))).collect(),
            body: Ok(None),
            authorizer: BTreeMap::new(),
            origin: Origin::default(),
        }
    }

    fn post(content_type: Option<&str>, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            content_type: content_type.map(str::to_owned),
            body: Ok(Some(body.as_bytes().to_vec())),
            ..get(&[])
        }
    }

    fn refusal(request: &Request) -> &'static str {
        Ask::from_request(request).err().map_or("accepted", |failure| failure.code())
    }

    #[test]
    fn refuses_query_parameters_that_are_unknown_repeated_or_malformed() {
        let cases: &[&[(&str, &[&str])]] = &[
            &[("role", &["deploy", "other"])],
            &[("role", &["Deploy"])],
            &[("role", &[""])],
            &[("role", &["*"])],
            &[("role", &["arn:aws:iam::111122223333:role/x"])],
            &[("duration", &["900"])],
            &[("duration_seconds", &["1e3"])],
            &[("duration_seconds", &["-900"])],
            &[("duration_seconds", &["+900"])],
            &[("duration_seconds", &[""])],
            &[("duration_seconds", &["99999999999999999999"])],
            &[("format", &["xml"])],
            &[("format", &["JSON"])],
            &[("session_policy", &["{}"])],
            &[("token", &["eyJ"])],
            &[("access_token", &["eyJ"])],
        ];
        for query in cases {
            assert_eq!(refusal(&get(query)), "bad_request", "{query:?}");
        }
    }

    #[test]
    fn refuses_bodies_that_are_not_the_three_members_as_json() {
        let json = Some("application/json");
        let cases = [
            (None, "{}"),
            (Some("text/plain"), "{}"),
            (Some("application/jsonp"), "{}"),
            (json, ""),
            (json, "[]"),
            (json, "null"),
            (json, "{"),
            (json, r#"{"role":5}"#),
            (json, r#"{"role":"a","role":"b"}"#),
            (json, r#"{"role":"deploy","role_arn":"x"}"#),
            (json, r#"{"duration_seconds":"900"}"#),
            (json, r#"{"duration_seconds":900.5}"#),
            (json, r#"{"duration_seconds":-1}"#),
            (json, r#"{"role":"../x"}"#),
        ];
        for (content_type, body) in cases {
            assert_eq!(refusal(&post(content_type, body)), "bad_request", "{content_type:?} {body}");
        }
        assert_eq!(refusal(&post(json, &format!(r#"{{"session_policy":"{}"}}"#, "x".repeat(17_000)))), "bad_request");
        assert_eq!(refusal(&Request { body: Err(BodyNotBase64), ..post(json, "") }), "bad_request");
    }

    #[test]
    fn refuses_a_role_in_path_and_query_and_a_role_in_the_query_of_a_post() {
        let both = Request { path_name: Some("deploy".to_owned()), ..get(&[("role", &["deploy"])]) };
        assert_eq!(refusal(&both), "bad_request");
        let in_query = Request { query: get(&[("role", &["deploy"])]).query, ..post(Some("application/json"), "{}") };
        assert_eq!(refusal(&in_query), "bad_request");
    }

    #[test]
    fn reads_the_same_question_from_query_path_and_body() {
        let asks = [
            Ask::from_request(&get(&[("role", &["deploy"]), ("duration_seconds", &["900"])])),
            Ask::from_request(&Request {
                path_name: Some("deploy".to_owned()),
                ..get(&[("duration_seconds", &["900"])])
            }),
            Ask::from_request(&post(
                Some("Application/JSON; charset=utf-8"),
                r#"{"role":"deploy","duration_seconds":900}"#,
            )),
        ];
        for ask in asks {
            let ask = ask.unwrap();
            assert_eq!(ask.role.unwrap().as_str(), "deploy");
            assert_eq!((ask.narrowing.duration_seconds, ask.format), (Some(900), Format::Json));
        }
    }
}
