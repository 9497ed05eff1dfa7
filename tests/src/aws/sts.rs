use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::Response;
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::fault::{answer, escape};

/// The fields of a form.
pub(super) fn form(body: &[u8]) -> Value {
    // A form is written like a query string.
    let uri = Uri::builder().path_and_query([b"/?", body].concat()).build().unwrap_or_default();
    Query::<Map<String, Value>>::try_from_uri(&uri).map_or(Value::Null, |Query(fields)| Value::Object(fields))
}

/// Credentials for whatever role is asked for: trust is tested where IAM is, not here.
pub(super) fn answer_call(operation: &str, request: &Value) -> Response {
    let field = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default();
    let seconds = field("DurationSeconds").parse().unwrap_or(3600);
    let expiration = (OffsetDateTime::now_utc() + Duration::seconds(seconds)).replace_nanosecond(0);
    let expiration = expiration.expect("zero nanoseconds are valid").format(&Rfc3339).expect("a time can be written");
    let session = field("RoleSessionName");
    let assumed = field("RoleArn").replace(":iam:", ":sts:").replace(":role/", ":assumed-role/");
    // STS leaves the path of the role out of the assumed role's ARN.
    let (account, role) = assumed.split_once(":assumed-role/").unwrap_or_default();
    let role = role.rsplit('/').next().unwrap_or_default();
    let packed = if request.get("Policy").is_some() || request.get("Tags.member.1.Key").is_some() { 12 } else { 0 };
    let body = format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result><Credentials>\
         <AccessKeyId>ASIAFAKEFAKEFAKEFAKE</AccessKeyId><SecretAccessKey>fake-secret-access-key</SecretAccessKey>\
         <SessionToken>fake-session-token</SessionToken><Expiration>{expiration}</Expiration></Credentials>\
         <AssumedRoleUser><AssumedRoleId>AROAFAKEFAKEFAKEFAKE:{session}</AssumedRoleId>\
         <Arn>{account}:assumed-role/{role}/{session}</Arn></AssumedRoleUser>\
         <PackedPolicySize>{packed}</PackedPolicySize></{operation}Result>\
         <ResponseMetadata><RequestId>fake-sts-request</RequestId></ResponseMetadata></{operation}Response>",
        account = escape(account),
        session = escape(session),
    );
    let mut response = answer(StatusCode::OK, "text/xml", body);
    // The SDK reads the id from here, not from the body.
    response.headers_mut().insert("x-amzn-requestid", HeaderValue::from_static("fake-sts-request"));
    response
}
