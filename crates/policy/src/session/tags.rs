use brevet_identity::{ClaimName, Principal};

use super::encoding::encode;
use crate::terms::AssumeRoleTerms;

/// The claims that are sent with every session: what a role's trust policy can be pinned to.
const ALWAYS: [(&str, &str); 8] = [
    ("gitlab_issuer", "iss"),
    ("gitlab_project_id", "project_id"),
    ("gitlab_namespace_id", "namespace_id"),
    ("gitlab_ref_protected", "ref_protected"),
    ("gitlab_environment_protected", "environment_protected"),
    ("gitlab_pipeline_source", "pipeline_source"),
    ("gitlab_user_id", "user_id"),
    ("gitlab_job_id", "job_id"),
];

/// A session tag, in STS's character set and length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTag {
    /// `gitlab_` and the claim.
    pub key: String,
    /// The claim, encoded so that two different claims never give the same value.
    pub value: String,
    /// Whether it is there to be read in logs only, so that a request may go without it.
    pub audit_only: bool,
}

/// The keys of every tag that can be sent with these further claims.
pub(crate) fn tag_keys(further: &[ClaimName]) -> Vec<String> {
    let always = ALWAYS.iter().map(|(key, _)| (*key).to_owned());
    always.chain(further.iter().filter_map(|claim| further_key(*claim))).collect()
}

/// The tags of a session. A claim the job does not have makes no tag.
pub(super) fn tags(principal: &Principal, terms: &AssumeRoleTerms) -> Vec<SessionTag> {
    let mut tags: Vec<SessionTag> = ALWAYS
        .iter()
        .filter_map(|(key, claim)| {
            Some(SessionTag { key: (*key).to_owned(), value: always(principal, claim)?, audit_only: false })
        })
        .collect();
    for claim in &terms.session_tags {
        if let (Some(key), Some(value)) = (further_key(*claim), principal.claim(*claim)) {
            let audit_only = !terms.transitive_tag_keys.contains(&key);
            tags.push(SessionTag { key, value: encode(value), audit_only });
        }
    }
    tags
}

/// The keys of those tags among the session's that stay on. STS refuses a key without its tag.
pub(super) fn transitive_tag_keys(principal: &Principal, terms: &AssumeRoleTerms) -> Vec<String> {
    let sent = tags(principal, terms);
    let is_sent = |key: &&String| sent.iter().any(|tag| tag.key == **key);
    terms.transitive_tag_keys.iter().filter(is_sent).cloned().collect()
}

/// The key of a further claim; `None` if that claim is sent anyway.
fn further_key(claim: ClaimName) -> Option<String> {
    let sent_anyway = ALWAYS.iter().any(|(_, always)| *always == claim.as_str());
    (!sent_anyway).then(|| format!("gitlab_{claim}"))
}

/// Protection flags are exactly `true` or `false`, so that a trust policy can rest on them.
fn always(principal: &Principal, claim: &str) -> Option<String> {
    match claim {
        "ref_protected" => Some(principal.ref_protected().to_string()),
        "environment_protected" => Some(principal.environment_protected().to_string()),
        "user_id" => principal.user_id().map(ToString::to_string),
        _ => principal.claim(ClaimName::parse(claim)?).map(encode),
    }
}
