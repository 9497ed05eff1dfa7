//! Why a token was not accepted: "no" ([`Rejection`]) and "cannot tell" ([`KeysUnavailable`]) are different types.

/// The token proves nothing, or nothing that is wanted here.
///
/// `Display` is the sentence for the caller. Before the signature is verified it says nothing about the configuration;
/// afterwards it may quote the caller's own claims.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no token in the request.
    #[error("send the job's GitLab ID token in the `Authorization` header, with or without `Bearer`")]
    Missing,
    /// It is not a signed JWT in compact form, or its claims cannot be read.
    #[error("this is not a well-formed ID token: {0}")]
    Malformed(&'static str),
    /// Issuer, key or signature are not trusted; which of them only the log says.
    #[error("this token was not signed by a GitLab that is trusted here")]
    Invalid(Distrust),
    /// It is meant for somebody else.
    #[error(
        "the token's audience is {presented}; set `aud` of this `id_tokens` entry to exactly one audience this service accepts"
    )]
    AudienceNotAccepted {
        /// The token's `aud`, in words.
        presented: String,
    },
    /// `exp` has passed.
    #[error(
        "the token expired {seconds} s ago; a GitLab ID token lives as long as the job's `timeout:`, so raise that"
    )]
    Expired {
        /// Seconds since `exp`.
        seconds: u64,
    },
    /// `nbf` or `iat` lie ahead.
    #[error("the token is valid only in {seconds} s; check the clock of the GitLab instance")]
    NotYetValid {
        /// Seconds until it is valid.
        seconds: u64,
    },
    /// Issued too long ago, or made to live too long.
    #[error("the token {0}")]
    TooOld(AgeFault),
    /// A token of this GitLab that is not a CI/CD job's ID token.
    #[error("this is not the ID token of a CI/CD job: {0}")]
    NotAJobToken(String),
}

/// Which link of the chain of trust is missing. For the log, never for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// `iss` is not in the table of trusted issuers.
    #[error("untrusted issuer")]
    Issuer,
    /// The issuer does not sign with this algorithm.
    #[error("algorithm not accepted for this issuer")]
    Algorithm,
    /// The issuer's key set has no such key.
    #[error("unknown key")]
    Key,
    /// The signature does not verify.
    #[error("signature does not verify")]
    Signature,
}

/// Which limit of age the token is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgeFault {
    /// `now - iat` is over the limit.
    #[error("was issued {age} s ago; at most {limit} s are accepted, so ask earlier in the job")]
    Age {
        /// Seconds since `iat`.
        age: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// `exp - iat` is over the limit.
    #[error("lives for {lifetime} s; at most {limit} s are accepted, so lower the job's `timeout:`")]
    Lifetime {
        /// Seconds from `iat` to `exp`.
        lifetime: u64,
        /// The most that is accepted.
        limit: u64,
    },
}

impl Rejection {
    /// The stable code of the HTTP contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "token_missing",
            Self::Malformed(_) => "token_malformed",
            Self::Invalid(_) => "token_invalid",
            Self::AudienceNotAccepted { .. } => "audience_not_accepted",
            Self::Expired { .. } => "token_expired",
            Self::NotYetValid { .. } => "token_not_yet_valid",
            Self::TooOld(_) => "token_too_old",
            Self::NotAJobToken(_) => "not_a_job_token",
        }
    }
}

/// The issuer's keys cannot be had now, so nothing can be said about the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the issuer's keys cannot be fetched at the moment; try again in {retry_after_seconds} s")]
pub struct KeysUnavailable {
    /// When another attempt may be made.
    pub retry_after_seconds: u64,
}

/// Whose token was rejected, for the log: known only where the signature was verified before something else failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RejectedJob {
    /// `iss`.
    pub issuer: String,
    /// `jti`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
    /// `project_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// `pipeline_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pipeline_id: Option<String>,
    /// `job_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
}

/// Why a token did not become a [`VerifiedToken`](crate::VerifiedToken).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// No.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// No, although the signature is good.
    #[error("{rejection}")]
    RejectedJob {
        /// Why.
        rejection: Rejection,
        /// Whose token it is.
        job: Box<RejectedJob>,
    },
    /// Cannot tell.
    #[error(transparent)]
    Unavailable(#[from] KeysUnavailable),
}
