//! What STS is asked for on the strength of a grant.

mod encoding;
mod identity;
mod narrowing;
mod policy;
mod tags;
mod unique;

#[cfg(test)]
mod tests;

use brevet_identity::Principal;
use serde_json::Value;

pub(crate) use self::policy::{MAX_POLICY_CHARACTERS, policy_characters, policy_document};
pub use self::tags::SessionTag;
pub(crate) use self::tags::tag_keys;
use crate::confidential::Confidential;
use crate::decision::Grant;
use crate::role::RoleArn;
use crate::terms::{DurationTerms, Via};

/// The shortest session STS gives, in seconds.
pub(crate) const SHORTEST: u64 = 900;

/// What a job may ask for beyond a name: always less than the mapping gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// A session of this many seconds.
    pub duration_seconds: Option<u64>,
    /// A policy to narrow the session by: an object, or the same as a string.
    pub session_policy: Option<Value>,
}

/// A request to STS, complete but for credentials. Made from a [`Grant`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRequest {
    /// The role.
    pub role_arn: RoleArn,
    /// `gl-<project_id>-<pipeline_id>-<job_id>`: ids alone, so it fits whatever the job is called.
    pub session_name: String,
    /// How long it is to last.
    pub duration_seconds: u64,
    /// The inline session policy, minified.
    pub policy: Option<String>,
    /// Managed session policies.
    pub policy_arns: Vec<String>,
    /// Which operation of STS, with what only that one takes.
    pub how: How,
    /// Whether the job sent a policy, and so has a say in how large the request is.
    policy_from_job: bool,
}

/// Which operation of STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// `AssumeRole`.
    AssumeRole {
        /// Session tags, no key twice.
        tags: Vec<SessionTag>,
        /// Keys of tags that stay on through role chaining.
        transitive_tag_keys: Vec<String>,
        /// The external id.
        external_id: Option<Confidential>,
        /// The source identity.
        source_identity: Option<String>,
    },
    /// `AssumeRoleWithWebIdentity`, with the job's own token.
    WebIdentity,
}

/// Why no request can be made of a grant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionFault {
    /// The job asks for a duration the mapping does not give.
    #[error("`duration_seconds` must be from {SHORTEST} to {longest} for this mapping; the job asked for {asked}")]
    DurationOutOfRange {
        /// What was asked for.
        asked: u64,
        /// The most the mapping gives.
        longest: u64,
    },
    /// The policy the job sends cannot be used.
    #[error("`session_policy` {0}")]
    PolicyInvalid(String),
    /// The mapping wants the user's name as source identity, and this job has none that STS takes.
    #[error(
        "this mapping requires a `user_login` that can be a source identity: 2 to 64 of the characters A-Z a-z 0-9 _ + = , . @ -"
    )]
    SourceIdentityDoesNotFit,
}

impl SessionRequest {
    /// Builds the request.
    pub fn build(grant: &Grant, principal: &Principal, narrowing: &Narrowing) -> Result<Self, SessionFault> {
        let terms = grant.terms();
        let how = match &terms.via {
            Via::WebIdentity => How::WebIdentity,
            Via::AssumeRole(further) => How::AssumeRole {
                tags: tags::tags(principal, further),
                transitive_tag_keys: tags::transitive_tag_keys(principal, further),
                external_id: further.external_id.clone(),
                source_identity: identity::source_identity(principal, further.source_identity)?,
            },
        };
        Ok(Self {
            role_arn: terms.role_arn.for_job(principal),
            session_name: identity::session_name(principal),
            duration_seconds: duration(terms.duration, narrowing.duration_seconds)?,
            policy: narrowing::inline_policy(terms, narrowing.session_policy.as_ref())?,
            policy_arns: terms.policy_arns.clone(),
            how,
            policy_from_job: narrowing.session_policy.is_some(),
        })
    }

    /// The same request without the tags that nobody's permissions rest on, for when STS finds the whole too large;
    /// `None` if it has no such tags, or if the job sent a policy: a job must not be able to push the tags out that
    /// tell auditors of it.
    pub fn without_audit_only_tags(&self) -> Option<Self> {
        if self.policy_from_job {
            return None;
        }
        let How::AssumeRole { tags, transitive_tag_keys, external_id, source_identity } = &self.how else {
            return None;
        };
        let kept: Vec<SessionTag> = tags.iter().filter(|tag| !tag.audit_only).cloned().collect();
        (kept.len() < tags.len()).then(|| Self {
            how: How::AssumeRole {
                tags: kept,
                transitive_tag_keys: transitive_tag_keys.clone(),
                external_id: external_id.clone(),
                source_identity: source_identity.clone(),
            },
            ..self.clone()
        })
    }
}

fn duration(terms: DurationTerms, asked: Option<u64>) -> Result<u64, SessionFault> {
    match asked {
        None => Ok(terms.default),
        Some(asked) if (SHORTEST..=terms.longest).contains(&asked) => Ok(asked),
        Some(asked) => Err(SessionFault::DurationOutOfRange { asked, longest: terms.longest }),
    }
}
