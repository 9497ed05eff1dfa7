//! What an allow row gives, and on which terms.

use brevet_identity::ClaimName;

use crate::confidential::Confidential;
use crate::role::RoleArnTemplate;
use crate::route::RoutePattern;

/// Routes of an API, and the usage plan their use counts against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteTerms {
    /// The routes it opens.
    pub routes: Vec<RoutePattern>,
    /// The API key of a usage plan.
    pub usage_plan_key: Option<Confidential>,
}

/// A role and on which terms a session of it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleTerms {
    /// The role.
    pub role_arn: RoleArnTemplate,
    /// How STS is asked.
    pub via: Via,
    /// How long a session lasts.
    pub duration: DurationTerms,
    /// An inline policy that narrows the role, minified.
    pub session_policy: Option<serde_json::Value>,
    /// Managed policies that narrow the role.
    pub policy_arns: Vec<String>,
    /// How often one token may be used.
    pub max_uses_per_token: Option<u64>,
}

/// How STS is asked for the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// `AssumeRole` by the function's own role, with session tags.
    AssumeRole(AssumeRoleTerms),
    /// `AssumeRoleWithWebIdentity` with the job's token. STS takes no tags with it.
    WebIdentity,
}

/// What only `AssumeRole` takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssumeRoleTerms {
    /// Further claims to send as tags.
    pub session_tags: Vec<ClaimName>,
    /// Keys of tags that stay on through role chaining.
    pub transitive_tag_keys: Vec<String>,
    /// The external id the role's trust policy asks for.
    pub external_id: Option<Confidential>,
    /// What becomes the source identity.
    pub source_identity: Option<SourceIdentity>,
}

/// What becomes the source identity of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceIdentity {
    /// The user's name on GitLab.
    UserLogin,
    /// `gitlab-job-<id>`.
    Job,
}

/// How long a session lasts, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DurationTerms {
    /// When the job asks for nothing else.
    pub default: u64,
    /// The most a job may ask for.
    pub longest: u64,
}
