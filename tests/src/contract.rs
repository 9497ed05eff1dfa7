//! The codes of the HTTP contract, written down once more: this does not ask Brevet, so Brevet can be held against it.

/// The code of every refusal and its status.
const REFUSALS: [(&str, u64); 24] = [
    ("bad_request", 400),
    ("role_required", 400),
    ("duration_out_of_range", 400),
    ("session_policy_invalid", 400),
    ("token_missing", 401),
    ("token_malformed", 401),
    ("token_invalid", 401),
    ("audience_not_accepted", 401),
    ("token_expired", 401),
    ("token_not_yet_valid", 401),
    ("token_too_old", 401),
    ("not_a_job_token", 401),
    ("no_mapping", 403),
    ("explicitly_denied", 403),
    ("conditions_not_met", 403),
    ("fork_pipeline", 403),
    ("path_changed", 403),
    ("token_already_used", 403),
    ("target_role_refused", 403),
    ("throttled", 429),
    ("misconfigured", 500),
    ("keys_unavailable", 503),
    ("mappings_unavailable", 503),
    ("sts_unavailable", 503),
];

/// Every code but `granted`.
pub fn refusals() -> impl Iterator<Item = &'static str> {
    REFUSALS.into_iter().map(|(code, _)| code)
}

/// The status of a code, 200 for `granted`; `None` if the contract has no such code.
pub fn status_of(code: &str) -> Option<u64> {
    if code == "granted" {
        return Some(200);
    }
    REFUSALS.into_iter().find(|(refusal, _)| *refusal == code).map(|(_, status)| status)
}

/// Whether the token alone is refused: then nothing else is asked, and an authorizer knows no reason to give.
pub fn refuses_the_token(code: &str) -> bool {
    status_of(code) == Some(401)
}
