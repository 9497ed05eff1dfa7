//! Claims that hold together as one GitLab CI/CD job.

use crate::claim_texts::ClaimTexts;
use crate::claims::ClaimName;
use crate::id::NumericId;
use crate::issuer::scope_root;

/// Who asks: one CI/CD job, as its ID token describes it.
///
/// Everything a rule may rest on has a typed field; every single-valued claim is also there by name, as presented.
/// A `Principal` says that the claims are well formed. That they are *true* is what
/// [`VerifiedToken`](crate::VerifiedToken) says, which only the verifier can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub(crate) issued_at: u64,
    pub(crate) expires_at: u64,
    pub(crate) project_id: NumericId,
    pub(crate) namespace_id: NumericId,
    pub(crate) pipeline_id: NumericId,
    pub(crate) job_id: NumericId,
    pub(crate) job_project_id: Option<NumericId>,
    pub(crate) user_id: Option<NumericId>,
    pub(crate) texts: ClaimTexts,
    pub(crate) unknown_claims: Vec<String>,
}

impl Principal {
    /// The issuer, exactly as in `iss`.
    pub fn issuer(&self) -> &str {
        self.presented("iss")
    }

    /// The issuer without its scheme and closing slash: how an IAM OIDC provider's ARN and a mapping's scope begin.
    pub fn issuer_without_scheme(&self) -> &str {
        scope_root(self.issuer())
    }

    /// The token's own id, unique per issuer.
    pub fn jti(&self) -> &str {
        self.presented("jti")
    }

    /// `iat`, in seconds since the epoch.
    pub fn issued_at(&self) -> u64 {
        self.issued_at
    }

    /// `exp`, in seconds since the epoch.
    pub fn expires_at(&self) -> u64 {
        self.expires_at
    }

    /// The project the *code* comes from: the fork, in a merge request pipeline from a fork.
    pub fn project_id(&self) -> &NumericId {
        &self.project_id
    }

    /// The project's path today. Paths are renamed and re-registered: a label, never an identity.
    pub fn project_path(&self) -> &str {
        self.presented("project_path")
    }

    /// The project's immediate namespace.
    pub fn namespace_id(&self) -> &NumericId {
        &self.namespace_id
    }

    /// The immediate namespace's path.
    pub fn namespace_path(&self) -> &str {
        self.presented("namespace_path")
    }

    /// The pipeline.
    pub fn pipeline_id(&self) -> &NumericId {
        &self.pipeline_id
    }

    /// The job; a retry has another.
    pub fn job_id(&self) -> &NumericId {
        &self.job_id
    }

    /// The project the job *runs* in, from GitLab 18.4 on.
    pub fn job_project_id(&self) -> Option<&NumericId> {
        self.job_project_id.as_ref()
    }

    /// Whether the code comes from another project than the one that runs it: a fork's merge request pipeline.
    pub fn is_fork_pipeline(&self) -> bool {
        self.job_project_id.as_ref().is_some_and(|id| *id != self.project_id)
    }

    /// The user the job runs for; `None` for a job without one.
    pub fn user_id(&self) -> Option<&NumericId> {
        self.user_id.as_ref()
    }

    /// Whether the ref is protected. Only the word `true` says so.
    pub fn ref_protected(&self) -> bool {
        self.presented("ref_protected") == "true"
    }

    /// Whether the job has an environment that is protected.
    pub fn environment_protected(&self) -> bool {
        self.presented("environment_protected") == "true"
    }

    /// A claim's value as presented, or `None` if the token does not have it (or has it as `null`).
    pub fn claim(&self, name: ClaimName) -> Option<&str> {
        self.texts.get(name)
    }

    /// Every single-valued claim, in table order.
    pub fn claims(&self) -> impl Iterator<Item = (ClaimName, &str)> {
        self.texts.iter()
    }

    /// Names of claims that the claim table does not have: GitLab grows some with most releases.
    pub fn unknown_claims(&self) -> &[String] {
        &self.unknown_claims
    }

    fn presented(&self, name: &str) -> &str {
        ClaimName::parse(name).and_then(|name| self.claim(name)).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::test_support::{ISSUED_AT, ISSUER, claims};

    fn principal(change: impl FnOnce(&mut Map<String, Value>)) -> Principal {
        let mut claims = claims();
        change(&mut claims);
        Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap()).unwrap()
    }

    #[test]
    fn holds_an_environment_protected_only_by_the_word_true() {
        for (value, protected) in [("true", true), ("false", false), ("", false), ("True", false), ("1", false)] {
            let principal = principal(|claims| drop(claims.insert("environment_protected".to_owned(), json!(value))));
            assert_eq!(principal.environment_protected(), protected, "{value}");
        }
        assert!(!principal(|claims| drop(claims.remove("environment_protected"))).environment_protected());
    }

    #[test]
    fn says_each_thing_as_its_own_claim_says_it() {
        let job = principal(|claims| {
            claims.insert("iss".to_owned(), json!(format!("{ISSUER}/")));
            claims.insert("job_project_id".to_owned(), json!("4712"));
            claims.insert("made_up".to_owned(), json!(1));
        });
        assert_eq!((job.issuer(), job.issuer_without_scheme()), ("https://gitlab.example.com/", "gitlab.example.com"));
        assert_eq!(job.jti(), "0f0f9b0e-6b1c-4c6e-9f0d-2a4f7f1f4f6a");
        assert_eq!((job.issued_at(), job.expires_at()), (ISSUED_AT, ISSUED_AT + 3600));
        assert_eq!((job.project_path(), job.namespace_path()), ("nordwind/platform/payments-api", "nordwind/platform"));
        let ids = [job.project_id(), job.namespace_id(), job.pipeline_id(), job.job_id()].map(ToString::to_string);
        assert_eq!(ids, ["4711", "812", "990231", "5550142"]);
        assert_eq!(job.job_project_id().map(ToString::to_string).as_deref(), Some("4712"));
        assert_eq!(job.user_id().map(ToString::to_string).as_deref(), Some("2301"));
        assert_eq!(job.unknown_claims(), ["made_up"]);
        assert_eq!(job.claims().next(), Some((ClaimName::parse("iss").unwrap(), "https://gitlab.example.com/")));
    }
}
