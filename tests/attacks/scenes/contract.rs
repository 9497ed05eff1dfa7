//! The codes and what goes with them, written down once more: a table is right only if it agrees with this.

/// The status of each code.
pub(super) fn status_of(code: &str) -> u64 {
    match code {
        "granted" => 200,
        "bad_request" | "role_required" | "duration_out_of_range" | "session_policy_invalid" => 400,
        "no_mapping" | "explicitly_denied" | "conditions_not_met" | "fork_pipeline" | "path_changed" => 403,
        code if refuses_the_token(code) => 401,
        other => panic!("`{other}` is not a code that these tables may expect"),
    }
}

/// Whether the token alone is refused: then nothing else is asked, and the authorizer knows no reason to give.
pub(super) fn refuses_the_token(code: &str) -> bool {
    [
        "token_missing",
        "token_malformed",
        "token_invalid",
        "audience_not_accepted",
        "token_expired",
        "token_not_yet_valid",
        "token_too_old",
        "not_a_job_token",
    ]
    .contains(&code)
}
