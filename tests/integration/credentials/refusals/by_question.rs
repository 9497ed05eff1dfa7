//! Refusals of what was asked for.

use brevet_tests::aws::Fault;
use serde_json::json;

use super::Case;
use crate::credentials::deploy;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case { code: "bad_request", says: "not JSON", event: "rest-post-bad-json", ..Case::default() },
        Case { code: "bad_request", says: "another one", event: "rest-post-unknown-member", ..Case::default() },
        Case { code: "bad_request", says: "there is no body", event: "rest-post-without-body", ..Case::default() },
        Case {
            code: "bad_request",
            says: "a token does not belong into the address",
            event: "rest-get",
            change: |event| event["multiValueQueryStringParameters"]["token"] = json!(["anything"]),
            ..Case::default()
        },
        Case { code: "bad_request", says: "more than once", event: "rest-get-two-roles", ..Case::default() },
        Case {
            code: "bad_request",
            event: "rest-get",
            change: |event| event["multiValueQueryStringParameters"]["role"] = json!(["Deploy!"]),
            ..Case::default()
        },
        Case {
            code: "role_required",
            says: "GET /mappings",
            event: "rest-get-without-role",
            arrange: |_| {},
            ..Case::default()
        },
        Case {
            code: "role_required",
            says: "`audit`, `deploy`",
            event: "rest-get-without-role",
            arrange: |world| {
                world.put_row(deploy(), json!({}));
                world.put_row(deploy(), json!({"name": "audit"}));
                world.put_row(deploy(), json!({"name": "closed", "enabled": false}));
            },
            ..Case::default()
        },
        Case {
            code: "duration_out_of_range",
            event: "rest-get-duration",
            change: |event| event["multiValueQueryStringParameters"]["duration_seconds"] = json!(["3601"]),
            ..Case::default()
        },
        Case {
            code: "duration_out_of_range",
            event: "rest-get-duration",
            change: |event| event["multiValueQueryStringParameters"]["duration_seconds"] = json!(["899"]),
            ..Case::default()
        },
        Case {
            code: "session_policy_invalid",
            event: "rest-post",
            change: |event| {
                event["body"] = json!({"role": "deploy", "session_policy": "not a policy"}).to_string().into()
            },
            ..Case::default()
        },
        Case {
            code: "session_policy_invalid",
            event: "rest-post-session-policy",
            arrange: |world| {
                world.put_row(deploy(), json!({}));
                world.aws.fail("AssumeRole", Fault::refused("MalformedPolicyDocument", "Syntax errors in policy."));
            },
            ..Case::default()
        },
        Case {
            code: "session_policy_invalid",
            event: "rest-post-session-policy",
            arrange: |world| {
                world.put_row(deploy(), json!({}));
                world.aws.fail("AssumeRole", Fault::packed_policy_too_large());
            },
            ..Case::default()
        },
    ]
}
