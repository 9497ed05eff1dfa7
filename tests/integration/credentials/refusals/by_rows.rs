//! Refusals that the role mappings decide.

use brevet_tests::gitlab::{JobDescription, LocalGitlab};
use serde_json::json;

use super::Case;
use crate::credentials::deploy;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case { code: "no_mapping", says: "no mapping `deploy`", arrange: |_| {}, ..Case::default() },
        Case {
            code: "no_mapping",
            arrange: |world| world.put_row(deploy(), json!({"roles_arn": "typo"})),
            ..Case::default()
        },
        Case {
            code: "no_mapping",
            arrange: |world| {
                world.put_row(deploy(), json!({"conditions": {"reff": "main"}, "allow_unprotected": true}))
            },
            ..Case::default()
        },
        Case {
            code: "no_mapping",
            says: "expired",
            arrange: |world| world.put_row(deploy(), json!({"expires_at": 1})),
            ..Case::default()
        },
        Case {
            code: "no_mapping",
            arrange: |world| world.put_row(deploy(), json!({"mode": "report"})),
            ..Case::default()
        },
        Case { code: "no_mapping", token: fork, ..Case::default() },
        Case {
            code: "explicitly_denied",
            says: "deny row",
            arrange: |world| {
                world.put_row(deploy(), json!({}));
                let stop = json!({"scope": world.host(), "name": "*", "effect": "deny", "conditions": {"user_login": "mlind"}});
                world.put_row(stop, json!({}));
            },
            ..Case::default()
        },
        Case {
            code: "conditions_not_met",
            says: "requires another `ref`: this job presented `feature/x`",
            token: |gitlab| {
                gitlab.sign(&gitlab.job().claim("ref", "feature/x").claim("ref_path", "refs/heads/feature/x"))
            },
            ..Case::default()
        },
        Case {
            code: "conditions_not_met",
            says: "requires `environment`, which this job does not have",
            arrange: |world| {
                world.put_row(deploy(), json!({"conditions": {"environment": "production", "ref_protected": "true"}}));
            },
            ..Case::default()
        },
        Case {
            code: "fork_pipeline",
            says: "fork",
            token: fork,
            arrange: |world| {
                let scope = format!("{}/project/9902", world.host());
                world.put_row(
                    deploy(),
                    json!({"scope": scope, "conditions": {"ref": "main"}, "allow_unprotected": true}),
                );
            },
            ..Case::default()
        },
        Case {
            code: "path_changed",
            says: "renamed or transferred",
            arrange: |world| world.put_row(deploy(), json!({"project_path": "nordwind/platform/payments"})),
            ..Case::default()
        },
        Case {
            code: "token_too_old",
            says: "newer token",
            token: |gitlab| gitlab.sign(&gitlab.job().aged(120)),
            arrange: |world| world.put_row(deploy(), json!({"max_token_age_seconds": 60})),
            ..Case::default()
        },
    ]
}

fn fork(gitlab: &LocalGitlab) -> String {
    gitlab.sign(&gitlab.job_as(&JobDescription { fork: true, ..JobDescription::default() }))
}
