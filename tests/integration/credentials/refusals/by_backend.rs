//! Refusals that AWS decides, and answers it does not give.

use brevet_tests::aws::Fault;
use serde_json::json;

use super::Case;
use crate::credentials::{denied_by_sts, deploy};
use crate::world::World;

pub(super) fn cases() -> Vec<Case> {
    fn with(world: &World, operation: &str, fault: Fault) {
        world.put_row(deploy(), json!({}));
        world.aws.fail(operation, fault);
    }
    vec![
        Case {
            code: "target_role_refused",
            says: "`aws:RequestTag/gitlab_project_id`",
            arrange: |world| with(world, "AssumeRole", denied_by_sts("sts:AssumeRole")),
            ..Case::default()
        },
        Case {
            code: "target_role_refused",
            says: "does not allow `sts:TagSession`",
            arrange: |world| with(world, "AssumeRole", denied_by_sts("sts:TagSession")),
            ..Case::default()
        },
        Case {
            code: "target_role_refused",
            says: "OIDC provider",
            arrange: |world| {
                world.put_row(deploy(), json!({"via": "web_identity"}));
                let fault = Fault::AccessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned());
                world.aws.fail("AssumeRoleWithWebIdentity", fault);
            },
            ..Case::default()
        },
        Case {
            code: "token_expired",
            says: "`timeout:`",
            arrange: |world| {
                world.put_row(deploy(), json!({"via": "web_identity"}));
                let fault = Fault::refused("ExpiredTokenException", "Token expired: current date/time must be before");
                world.aws.fail("AssumeRoleWithWebIdentity", fault);
            },
            ..Case::default()
        },
        Case {
            code: "target_role_refused",
            says: "OIDC provider",
            arrange: |world| {
                world.put_row(deploy(), json!({"via": "web_identity"}));
                let fault = Fault::refused("InvalidIdentityToken", "No OpenIDConnect provider found in your account");
                world.aws.fail("AssumeRoleWithWebIdentity", fault);
            },
            ..Case::default()
        },
        Case {
            code: "duration_out_of_range",
            says: "ask for a shorter `duration_seconds`",
            event: "rest-get-duration",
            arrange: |world| with(world, "AssumeRole", over_the_roles_maximum()),
            ..Case::default()
        },
        Case {
            code: "misconfigured",
            arrange: |world| with(world, "AssumeRole", over_the_roles_maximum()),
            ..Case::default()
        },
        Case {
            code: "target_role_refused",
            says: "is in the partition `aws-cn`, and Brevet is in `aws`",
            arrange: |world| {
                world.put_row(deploy(), json!({"role_arn": "arn:aws-cn:iam::111122223333:role/brevet/deploy"}));
            },
            ..Case::default()
        },
        Case {
            code: "target_role_refused",
            says: "is in the partition `aws-us-gov`, and Brevet is in `aws`",
            arrange: |world| {
                let role = "arn:aws-us-gov:iam::111122223333:role/brevet/deploy";
                world.put_row(deploy(), json!({"role_arn": role, "via": "web_identity"}));
            },
            ..Case::default()
        },
        Case {
            code: "misconfigured",
            arrange: |world| {
                with(
                    world,
                    "AssumeRole",
                    Fault::refused("RegionDisabledException", "STS is not activated in this region"),
                );
            },
            ..Case::default()
        },
        Case { code: "throttled", arrange: |world| with(world, "AssumeRole", Fault::Throttle), ..Case::default() },
        Case {
            code: "sts_unavailable",
            arrange: |world| with(world, "AssumeRole", Fault::Internal),
            ..Case::default()
        },
        Case { code: "sts_unavailable", arrange: |world| with(world, "AssumeRole", Fault::Garbage), ..Case::default() },
        Case {
            code: "mappings_unavailable",
            arrange: |world| with(world, "BatchGetItem", Fault::Throttle),
            ..Case::default()
        },
        Case {
            code: "mappings_unavailable",
            arrange: |world| with(world, "BatchGetItem", Fault::Internal),
            ..Case::default()
        },
        Case {
            code: "mappings_unavailable",
            arrange: |world| with(world, "BatchGetItem", Fault::Garbage),
            ..Case::default()
        },
        Case {
            code: "mappings_unavailable",
            arrange: |world| with(world, "BatchGetItem", Fault::Unprocessed),
            ..Case::default()
        },
        Case {
            code: "mappings_unavailable",
            event: "rest-get-without-role",
            arrange: |world| with(world, "Query", Fault::Throttle),
            ..Case::default()
        },
        Case {
            code: "misconfigured",
            arrange: |world| with(world, "BatchGetItem", Fault::AccessDenied("no dynamodb:BatchGetItem".to_owned())),
            ..Case::default()
        },
        Case {
            code: "misconfigured",
            arrange: |world| with(world, "AssumeRole", Fault::packed_policy_too_large()),
            ..Case::default()
        },
        Case { code: "misconfigured", event: "rest-whoami-without-authorizer", ..Case::default() },
    ]
}

fn over_the_roles_maximum() -> Fault {
    let sentence = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    Fault::refused("ValidationError", sentence)
}
