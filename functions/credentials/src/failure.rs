//! Every way in which a request can end without credentials.

use brevet_identity::{KeysUnavailable, Rejection};
use brevet_mapping_store::StoreUnavailable;
use brevet_policy::{Denial, DenialCode, RoleArn, TraceLine};
use serde_json::{Value, json};

use crate::sts::MissingTrust;

/// Why there are no credentials. "No" and "cannot tell" are different variants, and none of them holds a secret.
#[derive(Debug)]
pub enum Failure {
    /// The request itself is wrong: a sentence that says how to put it right.
    BadRequest(String),
    /// No role was named, and none or several would be granted.
    RoleRequired {
        /// What could be asked for.
        names: Vec<String>,
        /// Every row that had a say.
        trace: Vec<TraceLine>,
    },
    /// Shorter than STS gives or longer than the mapping allows.
    DurationOutOfRange(String),
    /// The caller's session policy cannot be used.
    SessionPolicyInvalid(String),
    /// There is no token where it belongs, but there is one in the address.
    TokenInAddress,
    /// The token is not accepted.
    Token(Rejection),
    /// The rows say no.
    Denied(Denial),
    /// The mapping wants a source identity that this job cannot give.
    SourceIdentityDoesNotFit(String),
    /// The token has been used as often as the mapping allows.
    TokenAlreadyUsed,
    /// STS says no: the target role does not trust Brevet for this job.
    TargetRoleRefused {
        /// Which part of the trust is missing, as far as STS lets one tell.
        missing: MissingTrust,
        /// The role.
        role_arn: String,
        /// What STS wrote, for the log.
        cause: String,
    },
    /// The role is in another partition of AWS, where no session can be opened from here.
    OtherPartition {
        /// The role.
        role_arn: RoleArn,
        /// Brevet's own partition.
        own: &'static str,
    },
    /// STS accepts no more requests at the moment.
    Throttled,
    /// The issuer's keys cannot be had.
    KeysUnavailable(KeysUnavailable),
    /// The rows, or the use ledger, cannot be read.
    MappingsUnavailable(String),
    /// STS does not answer.
    StsUnavailable(String),
    /// Brevet, or this mapping, is set up wrongly: the reason is for the log alone.
    Misconfigured(String),
}

impl Failure {
    /// The stable code of the HTTP contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::RoleRequired { .. } => "role_required",
            Self::DurationOutOfRange(_) => "duration_out_of_range",
            Self::SessionPolicyInvalid(_) => "session_policy_invalid",
            Self::TokenInAddress => Rejection::Missing.code(),
            Self::Token(rejection) => rejection.code(),
            Self::Denied(denial) => denial.code().as_str(),
            Self::SourceIdentityDoesNotFit(_) => DenialCode::ConditionsNotMet.as_str(),
            Self::TokenAlreadyUsed => "token_already_used",
            Self::TargetRoleRefused { .. } | Self::OtherPartition { .. } => "target_role_refused",
            Self::Throttled => "throttled",
            Self::KeysUnavailable(_) => "keys_unavailable",
            Self::MappingsUnavailable(_) => "mappings_unavailable",
            Self::StsUnavailable(_) => "sts_unavailable",
            Self::Misconfigured(_) => "misconfigured",
        }
    }

    /// The HTTP status. Never 404 for a role: SDKs read that as "no such service", and strangers as an answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::BadRequest(_)
            | Self::RoleRequired { .. }
            | Self::DurationOutOfRange(_)
            | Self::SessionPolicyInvalid(_) => 400,
            Self::TokenInAddress | Self::Token(_) => 401,
            Self::Denied(denial) if denial.code() == DenialCode::TokenTooOld => 401,
            Self::Denied(_)
            | Self::SourceIdentityDoesNotFit(_)
            | Self::TokenAlreadyUsed
            | Self::TargetRoleRefused { .. }
            | Self::OtherPartition { .. } => 403,
            Self::Throttled => 429,
            Self::KeysUnavailable(_) | Self::MappingsUnavailable(_) | Self::StsUnavailable(_) => 503,
            Self::Misconfigured(_) => 500,
        }
    }

    /// The sentence for the caller.
    pub fn message(&self) -> String {
        match self {
            Self::BadRequest(sentence)
            | Self::DurationOutOfRange(sentence)
            | Self::SessionPolicyInvalid(sentence)
            | Self::SourceIdentityDoesNotFit(sentence) => sentence.clone(),
            Self::RoleRequired { names, .. } if names.is_empty() => {
                "no mapping grants this job a role; `GET /mappings` shows why for each".to_owned()
            }
            Self::RoleRequired { names, .. } => {
                format!(
                    "several mappings are open to this job; ask for one of them with `role`: `{}`",
                    names.join("`, `")
                )
            }
            Self::TokenInAddress => {
                "the token came in the address, which logs keep, and was not read; send it in the `Authorization` header"
                    .to_owned()
            }
            Self::Token(rejection) => rejection.to_string(),
            Self::Denied(denial) => denial.message().to_owned(),
            Self::TokenAlreadyUsed => {
                "this job's token has been used as often as the mapping allows; run the job again for a new one"
                    .to_owned()
            }
            Self::TargetRoleRefused { missing, role_arn, .. } => {
                format!("STS refuses `{role_arn}` for this job: {missing}")
            }
            Self::OtherPartition { role_arn, own } => format!(
                "`{role_arn}` is in the partition `{}`, and Brevet is in `{own}`: neither knows the other's credentials",
                role_arn.partition()
            ),
            Self::Throttled => "AWS STS is throttling this account; try again shortly".to_owned(),
            Self::KeysUnavailable(unavailable) => unavailable.to_string(),
            Self::MappingsUnavailable(_) => {
                "the role mappings cannot be read at the moment; try again shortly".to_owned()
            }
            Self::StsUnavailable(_) => "AWS STS does not answer at the moment; try again shortly".to_owned(),
            Self::Misconfigured(_) => {
                "Brevet or this mapping is set up wrongly; give the request id to its administrators".to_owned()
            }
        }
    }

    /// When to try again, in seconds.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::KeysUnavailable(unavailable) => Some(unavailable.retry_after_seconds),
            Self::Throttled | Self::MappingsUnavailable(_) | Self::StsUnavailable(_) => Some(1),
            _ => None,
        }
    }

    /// `denied` or `unavailable`, for the audit line.
    pub fn decision(&self) -> &'static str {
        if self.status() >= 429 { "unavailable" } else { "denied" }
    }

    /// Every row that had a say, for the log.
    pub(crate) fn trace(&self) -> Value {
        match self {
            Self::Denied(denial) => json!(denial.trace()),
            Self::RoleRequired { trace, .. } => json!(trace),
            _ => Value::Null,
        }
    }

    /// What only the log is told.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::Token(Rejection::Invalid(distrust)) => Some(distrust.to_string()),
            Self::TargetRoleRefused { cause, .. }
            | Self::MappingsUnavailable(cause)
            | Self::StsUnavailable(cause)
            | Self::Misconfigured(cause) => Some(cause.clone()),
            _ => None,
        }
    }
}

impl From<StoreUnavailable> for Failure {
    fn from(fault: StoreUnavailable) -> Self {
        let cause = fault.to_string();
        if fault.is_misconfiguration() { Self::Misconfigured(cause) } else { Self::MappingsUnavailable(cause) }
    }
}
