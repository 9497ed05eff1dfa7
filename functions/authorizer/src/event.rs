//! The five events an authorizer is called with, told apart by their shape.
//!
//! The types of `aws_lambda_events` are not used here: several of them accept each other's events, and a header without
//! a value makes them fail. An event that cannot be read must lead to a refusal, never to a runtime error. Most of an event
//! is of no interest here, and is passed over without being read.

mod headers;
mod lenient;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::headers::Authorization;
use self::lenient::{Any, Object, Text, Texts};
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

/// What is read of an event.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Event<'a> {
    r#type: Any<Text<'a>>,
    version: Any<Text<'a>>,
    method_arn: Any<Text<'a>>,
    route_arn: Any<Text<'a>>,
    authorization_token: Any<Text<'a>>,
    headers: Any<Authorization<Text<'a>>>,
    multi_value_headers: Any<Authorization<Texts<'a>>>,
    request_context: Any<Object<RequestContext<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct RequestContext<'a> {
    event_type: Any<Text<'a>>,
    request_id: Any<Text<'a>>,
    identity: Any<Object<Client<'a>>>,
    http: Any<Object<Client<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default, bound(deserialize = "'de: 'a"))]
struct Client<'a> {
    source_ip: Any<Text<'a>>,
    user_agent: Any<Text<'a>>,
}

impl Call {
    /// Reads an event.
    pub(crate) fn from_event(event: &RawValue) -> Result<Self, NotACall> {
        let Any(Object(event)) = serde_json::from_str::<Any<Object<Event<'_>>>>(event.get()).map_err(|_| NotACall)?;
        let Any(Object(context)) = event.request_context;
        let connects = text(context.event_type).as_deref() == Some("CONNECT");
        let (r#type, version, method_arn) = (text(event.r#type), text(event.version), text(event.method_arn));
        let to_connect = connects && method_arn.as_ref().is_some_and(|arn| arn.ends_with("/$connect"));
        let shape = match (r#type.as_deref(), version.as_deref()) {
            (Some("TOKEN"), _) => Shape::RestToken,
            (Some("REQUEST"), Some("2.0")) => Shape::Http2,
            (Some("REQUEST"), Some("1.0")) => Shape::Http1,
            (Some("REQUEST"), None) if to_connect => Shape::WebSocket,
            (Some("REQUEST"), None) => Shape::RestRequest,
            _ => return Err(NotACall),
        };
        let arn = if shape == Shape::Http2 { text(event.route_arn) } else { method_arn };
        let arn = arn.and_then(|arn| MethodArn::parse(&arn)).ok_or(NotACall)?;
        let Any(Authorization(several)) = event.multi_value_headers;
        let several: Vec<Cow<'_, str>> = several.into_iter().flat_map(|values| values.0).collect();
        let Any(Authorization(single)) = event.headers;
        let authorization = match shape {
            Shape::RestToken => text(event.authorization_token).map(Cow::into_owned).into_iter().collect(),
            Shape::RestRequest | Shape::WebSocket if !several.is_empty() => {
                several.iter().map(|value| trimmed(value)).collect()
            }
            _ => single.into_iter().filter_map(|value| value.0).map(|value| trimmed(&value)).collect(),
        };
        let (Any(Object(identity)), Any(Object(http))) = (context.identity, context.http);
        let either = |one, other| text(one).or(text(other)).map(Cow::into_owned);
        Ok(Self {
            shape,
            arn,
            authorization,
            request_id: text(context.request_id).map(Cow::into_owned).unwrap_or_default(),
            source_ip: either(identity.source_ip, http.source_ip),
            user_agent: either(identity.user_agent, http.user_agent),
        })
    }
}

fn text(member: Any<Text<'_>>) -> Option<Cow<'_, str>> {
    let Any(Text(text)) = member;
    text
}

fn trimmed(value: &str) -> String {
    value.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;
    use serde_json::{Value, json};

    use super::*;

    const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/v1/GET/reports/7";

    fn read(event: &Value) -> Result<Call, NotACall> {
        Call::from_event(&to_raw_value(event).unwrap())
    }

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
            json!(["TOKEN", null, ARN, null, "a"]),
            json!({"resource": "/credentials", "httpMethod": "GET", "requestContext": {}}),
        ];
        for event in events {
            assert!(read(&event).is_err(), "{event}");
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
            assert_eq!(read(&event).unwrap_or_else(|_| unreachable!()).authorization, expected, "{event}");
        }
    }
    #[test]
    fn refuses_an_event_that_says_a_thing_twice() {
        let twice =
            format!(r#"{{"type":"TOKEN","methodArn":"{ARN}","authorizationToken":"a","authorizationToken":"b"}}"#);
        assert!(Call::from_event(&RawValue::from_string(twice).unwrap()).is_err());
    }

    #[test]
    fn a_header_that_is_there_twice_has_both_its_values() {
        let twice = format!(
            r#"{{"type":"REQUEST","methodArn":"{ARN}","headers":{{"Authorization":"a","Authorization":"b"}}}}"#
        );
        let call = Call::from_event(&RawValue::from_string(twice).unwrap());
        assert_eq!(call.unwrap_or_else(|_| unreachable!()).authorization, ["a", "b"]);
    }

    #[test]
    fn a_member_of_another_type_is_as_good_as_none() {
        let event = json!({
            "type": "REQUEST", "methodArn": ARN, "version": null, "multiValueHeaders": "x", "headers": {"authorization": "a"},
            "requestContext": {"requestId": 7, "identity": [], "http": {"sourceIp": "203.0.113.7", "userAgent": {}}},
        });
        let call = read(&event).unwrap_or_else(|_| unreachable!());
        assert_eq!((call.shape, call.authorization), (Shape::RestRequest, vec!["a".to_owned()]));
        assert_eq!((&*call.request_id, call.source_ip.as_deref(), call.user_agent), ("", Some("203.0.113.7"), None));
    }
}
