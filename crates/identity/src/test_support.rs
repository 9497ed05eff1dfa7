//! The claims of an ordinary push to a protected branch. Tests change one of them.

use serde_json::{Map, Value, json};

pub(crate) const ISSUER: &str = "https://gitlab.example.com";
pub(crate) const AUDIENCE: &str = "https://brevet.example.com";
pub(crate) const ISSUED_AT: u64 = 1_790_000_000;

pub(crate) fn claims() -> Map<String, Value> {
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "jti": "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a",
        "iat": ISSUED_AT, "nbf": ISSUED_AT - 5, "exp": ISSUED_AT + 3600,
        "sub": "project_path:nordwind/platform/payments-api:ref_type:branch:ref:main",
        "project_id": "4711", "project_path": "nordwind/platform/payments-api",
        "namespace_id": "812", "namespace_path": "nordwind/platform",
        "job_project_id": "4711", "job_project_path": "nordwind/platform/payments-api",
        "job_namespace_id": "812", "job_namespace_path": "nordwind/platform",
        "user_id": "2301", "user_login": "mlind", "user_email": "mlind@example.com", "user_access_level": "maintainer",
        "pipeline_id": "990231", "pipeline_source": "push", "job_id": "5550142", "job_source": "push",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
        "environment": "production/eu-west-1", "environment_protected": "true",
        "deployment_tier": "production", "environment_action": "start",
        "runner_id": 88, "runner_environment": "self-hosted", "sha": "3f5c1d0b7a1e4f0c9d2b6a8e7c5d4f3a2b1c0d9e",
        "project_visibility": "private", "ci_config_sha": "3f5c1d0b7a1e4f0c9d2b6a8e7c5d4f3a2b1c0d9e",
        "ci_config_ref_uri": "gitlab.example.com/nordwind/platform/payments-api//.gitlab-ci.yml@refs/heads/main",
        "groups_direct": ["nordwind/platform"],
    });
    let Value::Object(claims) = claims else { unreachable!("the literal is an object") };
    claims
}
