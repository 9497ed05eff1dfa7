//! API Gateway's proxy events, both payload formats, as one kind of request.
//!
//! Nothing here is ever printed: the events hold the bearer token.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::{ApiGatewayProxyRequest, ApiGatewayRequestAuthorizer, ApiGatewayV2httpRequest};
use aws_lambda_events::http::HeaderMap;
use aws_lambda_events::query_map::QueryMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

/// A request to one of Brevet's own routes.
pub(crate) struct Request {
    /// Upper-case.
    pub method: String,
    /// The route's path, without stage and base path.
    pub route: String,
    /// `{name}` of the path.
    pub path_name: Option<String>,
    /// Every value of every `Authorization` header.
    pub authorization: Vec<String>,
    /// Of the body.
    pub content_type: Option<String>,
    /// Query parameters, each with all of its values.
    pub query: BTreeMap<String, Vec<String>>,
    /// Decoded; `Err` if it cannot be.
    pub body: Result<Option<Vec<u8>>, BodyNotBase64>,
    /// What an authorizer said of the caller; empty if no authorizer is attached.
    pub authorizer: BTreeMap<String, Value>,
    /// What the log needs.
    pub origin: Origin,
}

/// Where a request came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// API Gateway's id of the request.
    pub request_id: String,
    /// The TCP peer that API Gateway saw.
    pub source_ip: Option<String>,
    /// As the client says.
    pub user_agent: Option<String>,
}

/// `isBase64Encoded` is set and the body is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BodyNotBase64;

/// The event is no proxy event of API Gateway, or one that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotARequest;

#[derive(serde::Deserialize)]
struct Shape {
    version: Option<String>,
    #[serde(rename = "type")]
    authorizer_event: Option<String>,
    headers: Option<BTreeMap<String, IgnoredAny>>,
}

impl Shape {
    /// How often the header is there with one value, in whatever spelling.
    fn authorizations(&self) -> usize {
        self.headers.iter().flatten().filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).count()
    }
}

impl Request {
    /// Reads an event by its shape. An authorizer's event, which looks much the same, is refused.
    pub(crate) fn from_event(event: &RawValue) -> Result<Self, NotARequest> {
        let shape: Shape = serde_json::from_str(event.get()).map_err(|_| NotARequest)?;
        let request = match (&shape.authorizer_event, shape.version.as_deref()) {
            (Some(_), _) => return Err(NotARequest),
            (None, Some("2.0")) => serde_json::from_str(event.get()).and_then(from_format_2),
            (None, _) => serde_json::from_str(event.get()).and_then(from_format_1),
        };
        let mut request = request.map_err(|_| NotARequest)?;
        // Of two spellings the event's own type keeps the last alone: which one is meant is not to be guessed.
        let spellings = shape.authorizations();
        if spellings > 1 {
            request.authorization.resize(spellings, String::new());
        }
        Ok(request)
    }
}

fn from_format_1(event: ApiGatewayProxyRequest) -> Result<Request, serde_json::Error> {
    let context = event.request_context;
    let multi = event.multi_value_headers;
    let query = if event.multi_value_query_string_parameters.is_empty() {
        event.query_string_parameters
    } else {
        event.multi_value_query_string_parameters
    };
    let headers = if multi.is_empty() { event.headers } else { multi };
    Ok(Request {
        method: event.http_method.as_str().to_owned(),
        route: event.resource.unwrap_or_default(),
        path_name: event.path_parameters.get("name").cloned(),
        authorization: values(&headers, "authorization"),
        content_type: values(&headers, "content-type").into_iter().next(),
        query: group(&query)?,
        body: decode(event.body, event.is_base64_encoded),
        authorizer: fields(Some(context.authorizer)),
        origin: Origin {
            request_id: context.request_id.unwrap_or_default(),
            source_ip: context.identity.source_ip,
            user_agent: context.identity.user_agent,
        },
    })
}

fn from_format_2(event: ApiGatewayV2httpRequest) -> Result<Request, serde_json::Error> {
    let context = event.request_context;
    let route_key = event.route_key.or(context.route_key).unwrap_or_default();
    let route = route_key.split_once(' ').map_or("", |(_, path)| path).to_owned();
    Ok(Request {
        method: context.http.method.as_str().to_owned(),
        route,
        path_name: event.path_parameters.get("name").cloned(),
        authorization: values(&event.headers, "authorization"),
        content_type: values(&event.headers, "content-type").into_iter().next(),
        query: group(&event.query_string_parameters)?,
        body: decode(event.body, event.is_base64_encoded),
        authorizer: fields(context.authorizer),
        origin: Origin {
            request_id: context.request_id.unwrap_or_default(),
            source_ip: context.http.source_ip,
            user_agent: context.http.user_agent,
        },
    })
}

/// A value that is not text stands as an empty one: it is there, and it is no token.
fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default().to_owned()).collect()
}

/// By way of JSON: the map's own iterator panics at a name that has no value at all.
fn group(query: &QueryMap) -> Result<BTreeMap<String, Vec<String>>, serde_json::Error> {
    serde_json::to_value(query).and_then(serde_json::from_value)
}

fn decode(body: Option<String>, is_base64: bool) -> Result<Option<Vec<u8>>, BodyNotBase64> {
    match body {
        Some(text) if is_base64 => STANDARD.decode(text).map(Some).map_err(|_| BodyNotBase64),
        other => Ok(other.map(String::into_bytes)),
    }
}

fn fields(authorizer: Option<ApiGatewayRequestAuthorizer>) -> BTreeMap<String, Value> {
    authorizer.map(|authorizer| authorizer.fields.into_iter().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FORMAT_1: &str = include_str!("../../../events/credentials/rest-get.json");
    const FORMAT_2: &str = include_str!("../../../events/credentials/http-v2-get.json");

    fn query(event: &str, name: &str, parameters: Value) -> BTreeMap<String, Vec<String>> {
        let mut event: Value = serde_json::from_str(event).unwrap();
        event[name] = parameters;
        let event = RawValue::from_string(event.to_string()).unwrap();
        Request::from_event(&event).unwrap_or_else(|_| panic!("is a request: {event}")).query
    }

    #[test]
    fn a_parameter_without_even_an_empty_value_has_none() {
        let parameters = json!({"role": [], "format": ["env", "json"]});
        let expected = [("format", vec!["env", "json"]), ("role", vec![])];
        let expected =
            expected.map(|(name, values)| (name.to_owned(), values.into_iter().map(str::to_owned).collect()));
        assert_eq!(query(FORMAT_1, "multiValueQueryStringParameters", parameters), BTreeMap::from(expected));
    }

    #[test]
    fn parameters_of_format_2_have_each_of_their_values() {
        let read = query(FORMAT_2, "queryStringParameters", json!({"role": "deploy", "format": "env,json"}));
        assert_eq!((read["role"].len(), read["format"].len()), (1, 2), "{read:?}");
    }
}
