//! The five events an authorizer is called with, told apart by their shape.
//!
//! The types of `aws_lambda_events` are not used here: several of them accept each other's events, and a header without
//! a value makes them fail. An event that cannot be read must lead to a refusal, never to a runtime error.

use serde_json::{Map, Value};

use crate::arn::MethodArn;

/// How the caller came, which decides how it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// REST API, `TOKEN` authorizer.
    RestToken,
    /// REST API, `REQUEST` authorizer.
    RestRequest,
    /// HTTP API, payload format 1.0.
    Http1,
    /// HTTP API, payload format 2.0.
    Http2,
    /// WebSocket API, `$connect`.
    WebSocket,
}

/// A call to be authorized. It holds the bearer token and has no `Debug`.
pub(crate) struct Call {
    /// Which of the five.
    pub shape: Shape,
    /// What is to be invoked.
    pub arn: MethodArn,
    /// Every value of every `Authorization` header.
    pub authorization: Vec<String>,
    /// API Gateway's id of the request, where the event has one.
    pub request_id: String,
    /// The TCP peer that API Gateway saw.
    pub source_ip: Option<String>,
    /// As the client says.
    pub user_agent: Option<String>,
}

/// The event is none of the five, or does not say what is to be invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an authorizer event of API Gateway")]
pub(crate) struct NotACall;

impl Call {
    /// Reads an event.
    pub(crate) fn from_event(event: &Value) -> Result<Self, NotACall> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let shape = shape(event)?;
        let arn = if shape == Shape::Http2 { text("routeArn") } else { text("methodArn") };
        let arn = arn.and_then(MethodArn::parse).ok_or(NotACall)?;
        let authorization = match shape {
            Shape::RestToken => text("authorizationToken").map(str::to_owned).into_iter().collect(),
            Shape::RestRequest | Shape::WebSocket => from_multi_value_headers(event),
            Shape::Http1 | Shape::Http2 => from_headers(event),
        };
        let context = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let either = |name: &str| {
            context(&format!("/requestContext/identity/{name}"))
                .or_else(|| context(&format!("/requestContext/http/{name}")))
        };
        Ok(Self {
            shape,
            arn,
            authorization,
            request_id: context("/requestContext/requestId").unwrap_or_default(),
            source_ip: either("sourceIp"),
            user_agent: either("userAgent"),
        })
    }
}

fn shape(event: &Value) -> Result<Shape, NotACall> {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    let connects = event.pointer("/requestContext/eventType").and_then(Value::as_str) == Some("CONNECT");
    match (text("type"), text("version")) {
        (Some("TOKEN"), _) => Ok(Shape::RestToken),
        (Some("REQUEST"), Some("2.0")) => Ok(Shape::Http2),
        (Some("REQUEST"), Some("1.0")) => Ok(Shape::Http1),
        (Some("REQUEST"), None) if connects && text("methodArn").is_some_and(|arn| arn.ends_with("/$connect")) => {
            Ok(Shape::WebSocket)
        }
        (Some("REQUEST"), None) => Ok(Shape::RestRequest),
        _ => Err(NotACall),
    }
}

fn from_multi_value_headers(event: &Value) -> Vec<String> {
    let several = authorization_members(event.get("multiValueHeaders"));
    let several: Vec<String> =
        several.filter_map(Value::as_array).flatten().filter_map(Value::as_str).map(trimmed).collect();
    if several.is_empty() { from_headers(event) } else { several }
}

fn from_headers(event: &Value) -> Vec<String> {
    authorization_members(event.get("headers")).filter_map(Value::as_str).map(trimmed).collect()
}

/// Header names are case-insensitive (RFC 9110, section 5.1) and arrive as the client wrote them.
fn authorization_members(headers: Option<&Value>) -> impl Iterator<Item = &Value> {
    let members = headers.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    members.filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value)
}

fn trimmed(value: &str) -> String {
    value.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/v1/GET/reports/7";

    #[test]
    fn refuses_events_that_are_none_of_the_five() {
        let events = [
            json!(null),
            json!([]),
            json!("x"),
            json!({}),
            json!({"type": "TOKEN"}),
            json!({"type": "REQUEST"}),
            json!({"type": "token", "methodArn": ARN}),
            json!({"type": "REQUEST", "version": "3.0", "methodArn": ARN}),
            json!({"type": "REQUEST", "version": "2.0", "methodArn": ARN}),
            json!({"type": "TOKEN", "methodArn": "*"}),
            json!({"type": "TOKEN", "methodArn": 5}),
            json!({"version": "2.0", "routeArn": ARN}),
            json!({"resource": "/credentials", "httpMethod": "GET", "requestContext": {}}),
        ];
        for event in events {
            assert!(Call::from_event(&event).is_err(), "{event}");
        }
    }

    #[test]
    fn finds_every_authorization_header_and_nothing_like_one() {
        let cases = [
            (json!({"headers": {"AUTHORIZATION": "a"}}), vec!["a"]),
            (
                json!({"headers": {"Authorization": "a"}, "multiValueHeaders": {"authorization": ["a", "b"]}}),
                vec!["a", "b"],
            ),
            (json!({"headers": {"Authorization": null}}), vec![]),
            (json!({"headers": {"X-Authorization": "a"}, "queryStringParameters": {"Authorization": "a"}}), vec![]),
            (json!({"headers": null, "multiValueHeaders": null}), vec![]),
            (json!({"headers": {"Authorization": 5}}), vec![]),
        ];
        for (mut event, expected) in cases {
            event["type"] = json!("REQUEST");
            event["methodArn"] = json!(ARN);
            assert_eq!(Call::from_event(&event).unwrap_or_else(|_| unreachable!()).authorization, expected, "{event}");
        }
    }
}
