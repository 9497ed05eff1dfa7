use crate::expected::Reach;
use crate::token::Job;

/// A question to `credentials`: how often, whose token, which name, and what comes of it.
pub(crate) type Question = (usize, Job, &'static str, &'static str, Reach);

pub(crate) const QUESTIONS: [Question; 19] = [
    (120, Job::Payments, "deploy", "granted", Reach::Sts),
    (60, Job::Web, "deploy", "granted", Reach::Sts),
    (40, Job::Payments, "shared", "granted", Reach::Sts),
    (40, Job::Web, "group-wide", "granted", Reach::Sts),
    (40, Job::Web, "everyone", "granted", Reach::Sts),
    (60, Job::Feature, "deploy", "conditions_not_met", Reach::Rows),
    (60, Job::Payments, "no-such-name", "no_mapping", Reach::Rows),
    (40, Job::Payments, "web-only", "no_mapping", Reach::Rows),
    (20, Job::Payments, "misspelt", "no_mapping", Reach::Rows),
    (40, Job::Payments, "frozen", "explicitly_denied", Reach::Rows),
    (30, Job::Payments, "moved", "path_changed", Reach::Rows),
    (30, Job::Fork, "deploy", "fork_pipeline", Reach::Rows),
    (20, Job::Payments, "No%20Name", "bad_request", Reach::Token),
    (30, Job::Expired, "deploy", "token_expired", Reach::Token),
    (20, Job::NotYetValid, "deploy", "token_not_yet_valid", Reach::Token),
    (20, Job::TooOld, "deploy", "token_too_old", Reach::Token),
    (20, Job::OtherAudience, "deploy", "audience_not_accepted", Reach::Token),
    (20, Job::SignIn, "deploy", "not_a_job_token", Reach::Token),
    (20, Job::OtherIssuer, "deploy", "token_invalid", Reach::Token),
];

/// A question to the authorizer about a route.
pub(crate) const ROUTES: [Question; 11] = [
    (200, Job::Payments, "GET/whoami", "granted", Reach::Rows),
    (100, Job::Payments, "GET/reports/7", "granted", Reach::Rows),
    (60, Job::Payments, "DELETE/reports/7", "conditions_not_met", Reach::Rows),
    (40, Job::Payments, "GET/reports/7/secrets", "conditions_not_met", Reach::Rows),
    (60, Job::Feature, "GET/whoami", "conditions_not_met", Reach::Rows),
    (60, Job::Web, "GET/whoami", "no_mapping", Reach::Rows),
    (40, Job::Expired, "GET/whoami", "token_expired", Reach::Token),
    (30, Job::NotYetValid, "GET/whoami", "token_not_yet_valid", Reach::Token),
    (30, Job::OtherAudience, "GET/whoami", "audience_not_accepted", Reach::Token),
    (30, Job::SignIn, "GET/whoami", "not_a_job_token", Reach::Token),
    (20, Job::OtherIssuer, "GET/whoami", "token_invalid", Reach::Token),
];
