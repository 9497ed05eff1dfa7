//! The one table of claims: what GitLab puts into an ID token and what Brevet does with each.

use std::fmt;

/// What Brevet does with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimUse {
    /// Verified for every token, before any mapping is looked at.
    Checked,
    /// Kept on the principal: usable in conditions, tags, the authorizer's context and the audit line.
    Recorded,
    /// Known, and left out: a list or object, or chosen freely by a user, so nothing may rest on it.
    Ignored,
}

/// The JSON type GitLab gives a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// A string; `null` counts as absent.
    Text,
    /// A number of which only the decimal digits matter.
    Number,
    /// Seconds since the epoch.
    Time,
    /// `aud`: a string, or an array of strings.
    Audience,
    /// An array or object.
    Structured,
}

/// A row of the claim table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The member's name in the token.
    pub name: &'static str,
    /// Its JSON type.
    pub kind: ClaimKind,
    /// What becomes of it.
    pub usage: ClaimUse,
}

const fn claim(name: &'static str, kind: ClaimKind, usage: ClaimUse) -> Claim {
    Claim { name, kind, usage }
}

/// Every claim Brevet knows, in the order in which conditions are evaluated and printed.
///
/// Source: GitLab's `lib/gitlab/ci/jwt.rb` and `jwt_v2.rb`, and the page "ID token authentication" of its documentation.
pub const CLAIMS: &[Claim] = {
    use ClaimKind::{Audience, Number, Structured, Text, Time};
    use ClaimUse::{Checked, Ignored, Recorded};
    &[
        claim("iss", Text, Checked),
        claim("aud", Audience, Checked),
        claim("exp", Time, Checked),
        claim("nbf", Time, Checked),
        claim("iat", Time, Checked),
        claim("jti", Text, Checked),
        claim("project_id", Text, Checked),
        claim("namespace_id", Text, Checked),
        claim("pipeline_id", Text, Checked),
        claim("job_id", Text, Checked),
        claim("project_path", Text, Checked),
        claim("namespace_path", Text, Checked),
        claim("ref", Text, Checked),
        claim("ref_type", Text, Checked),
        claim("ref_path", Text, Checked),
        claim("ref_protected", Text, Checked),
        claim("job_project_id", Text, Checked),
        claim("user_id", Text, Checked),
        claim("sub", Text, Recorded),
        claim("environment", Text, Recorded),
        claim("environment_protected", Text, Recorded),
        claim("deployment_tier", Text, Recorded),
        claim("environment_action", Text, Recorded),
        claim("pipeline_source", Text, Recorded),
        claim("job_source", Text, Recorded),
        claim("job_project_path", Text, Recorded),
        claim("job_namespace_id", Text, Recorded),
        claim("job_namespace_path", Text, Recorded),
        claim("source_project_id", Text, Recorded),
        claim("source_project_path", Text, Recorded),
        claim("source_namespace_id", Text, Recorded),
        claim("source_namespace_path", Text, Recorded),
        claim("user_login", Text, Recorded),
        claim("user_email", Text, Recorded),
        claim("user_access_level", Text, Recorded),
        claim("runner_id", Number, Recorded),
        claim("runner_environment", Text, Recorded),
        claim("sha", Text, Recorded),
        claim("ci_config_ref_uri", Text, Recorded),
        claim("ci_config_sha", Text, Recorded),
        claim("project_visibility", Text, Recorded),
        claim("user_identities", Structured, Ignored),
        claim("groups_direct", Structured, Ignored),
        claim("job_config", Structured, Ignored),
        claim("target_audience", Text, Ignored),
    ]
};

/// The table's row for `name`, if it has one.
pub fn known_claim(name: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.name == name)
}

/// The name of a claim with a single value, usable in conditions and tags.
///
/// Orders as the claim table does, so that refusals name the same claim first every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimName(usize);

impl ClaimName {
    /// Finds the claim, or `None` if it is unknown, structured, or one the verifier alone decides on (`aud` and the times).
    pub fn parse(name: &str) -> Option<Self> {
        let index = CLAIMS.iter().position(|claim| claim.name == name)?;
        CLAIMS.get(index).filter(|claim| is_single_valued(claim)).map(|_| Self(index))
    }

    /// Every claim name there is, in table order.
    pub fn all() -> impl Iterator<Item = Self> {
        CLAIMS.iter().enumerate().filter(|(_, claim)| is_single_valued(claim)).map(|(index, _)| Self(index))
    }

    /// Its row of the claim table.
    pub(crate) fn position(self) -> usize {
        self.0
    }

    /// The member's name in the token.
    pub fn as_str(self) -> &'static str {
        CLAIMS.get(self.0).map_or("", |claim| claim.name)
    }
}

fn is_single_valued(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Text | ClaimKind::Number) && claim.usage != ClaimUse::Ignored
}

impl fmt::Display for ClaimName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl serde::Serialize for ClaimName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_claims_on_which_no_condition_may_rest() {
        for name in ["aud", "exp", "nbf", "iat", "groups_direct", "user_identities", "job_config", "REF", "", "made_up"]
        {
            assert_eq!(ClaimName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn finds_every_single_valued_claim_by_its_own_name() {
        for name in ClaimName::all() {
            assert_eq!(ClaimName::parse(name.as_str()), Some(name));
            assert_eq!(name.to_string(), name.as_str());
            assert_eq!(known_claim(name.as_str()).map(|claim| claim.name), Some(name.as_str()));
        }
        assert!(ClaimName::parse("runner_id").is_some());
    }

    #[test]
    fn lists_no_claim_twice() {
        let mut names: Vec<_> = CLAIMS.iter().map(|claim| claim.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CLAIMS.len());
    }
}
