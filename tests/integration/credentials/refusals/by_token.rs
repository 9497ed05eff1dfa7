//! Refusals that the token alone decides.

use brevet_tests::gitlab::now;
use serde_json::json;

use super::Case;

/// Nothing in these is believed, so nothing is told and nothing is asked.
pub(super) fn before_the_signature() -> Vec<Case> {
    vec![
        Case { code: "token_missing", says: "Authorization", event: "rest-get-without-token", ..Case::default() },
        Case { code: "token_missing", says: "in the address", event: "rest-get-token-in-query", ..Case::default() },
        Case {
            code: "token_malformed",
            says: "more than one `Authorization` header",
            event: "rest-get-two-tokens",
            ..Case::default()
        },
        Case { code: "token_malformed", token: |_| "no.token".to_owned(), ..Case::default() },
        Case {
            code: "token_invalid",
            says: "not signed by a GitLab that is trusted here",
            token: |gitlab| gitlab.sign(&gitlab.job().claim("iss", "https://gitlab.example.com")),
            ..Case::default()
        },
        Case {
            code: "token_invalid",
            says: "not signed by a GitLab that is trusted here",
            token: |gitlab| {
                let (signed, wanted) = (gitlab.sign(&gitlab.job()), gitlab.sign(&gitlab.job().claim("ref", "other")));
                let payload = |token: &str| token.split('.').nth(1).expect("a token has a payload").to_owned();
                signed.replace(&payload(&signed), &payload(&wanted))
            },
            ..Case::default()
        },
        Case {
            code: "token_invalid",
            token: |gitlab| gitlab.job().signed_by(&gitlab.instance().ci_key().with_algorithm("RS512")),
            ..Case::default()
        },
        Case {
            code: "token_invalid",
            token: |gitlab| gitlab.sign(&gitlab.job().header("kid", "no-such-key")),
            ..Case::default()
        },
        Case {
            code: "not_a_job_token",
            token: |gitlab| format!("glcbt-{}", gitlab.sign(&gitlab.job())),
            ..Case::default()
        },
    ]
}

/// GitLab signed these, so the caller may read what is wrong with them.
pub(super) fn after_the_signature() -> Vec<Case> {
    vec![
        Case {
            code: "audience_not_accepted",
            says: "https://vault.example",
            token: |gitlab| gitlab.sign(&gitlab.job().claim("aud", "https://vault.example")),
            ..Case::default()
        },
        Case {
            code: "audience_not_accepted",
            token: |gitlab| {
                gitlab.sign(&gitlab.job().claim("aud", json!(["https://brevet.local", "https://other.example"])))
            },
            ..Case::default()
        },
        Case {
            code: "token_expired",
            says: "expired",
            token: |gitlab| gitlab.sign(&gitlab.job().claim("exp", now() - 11)),
            ..Case::default()
        },
        Case {
            code: "token_not_yet_valid",
            says: "clock",
            token: |gitlab| gitlab.sign(&gitlab.job().aged(-120)),
            ..Case::default()
        },
        Case {
            code: "token_too_old",
            says: "ask earlier in the job",
            token: |gitlab| gitlab.sign(&gitlab.job().aged(3_700).claim("exp", now() + 600)),
            ..Case::default()
        },
        Case {
            code: "token_too_old",
            says: "timeout:",
            token: |gitlab| gitlab.sign(&gitlab.job().claim("exp", now() + 90_000)),
            ..Case::default()
        },
        Case {
            code: "not_a_job_token",
            token: |gitlab| gitlab.sign(&gitlab.job().without("job_id").without("pipeline_id")),
            ..Case::default()
        },
    ]
}
