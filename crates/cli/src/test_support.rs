//! What several tests need.

use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// Brevet's answer with a session that ends in so many seconds.
pub(crate) fn session_body(seconds: i64) -> String {
    let expiration = (OffsetDateTime::now_utc() + Duration::seconds(seconds)).replace_nanosecond(0).unwrap();
    json!({
        "Version": 1, "Code": "Success", "Type": "AWS-HMAC",
        "AccessKeyId": "ASIATEST", "SecretAccessKey": "test-secret", "Token": "test-token", "SessionToken": "test-token",
        "Expiration": expiration.format(&Rfc3339).unwrap(),
        "AccountId": "111122223333", "RoleArn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "AssumedRoleArn": "arn:aws:sts::111122223333:assumed-role/deploy/gl-4711-990001-5550001",
        "Mapping": "deploy", "RequestId": "r-1",
    })
    .to_string()
}
