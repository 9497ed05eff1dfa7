//! The checks of one row, in order. The first that fails is the one that is told.

use brevet_identity::{ClaimName, Principal};

use crate::mapping::{AllowRule, DenyRule, When};
use crate::pattern::Pattern;

/// Why a row does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    Disabled,
    NotYetInForce,
    Expired,
    Fork,
    Path { required: String },
    Condition { claim: ClaimName, required: Vec<String> },
    TokenAge { age: u64, limit: u64 },
}

impl AllowRule {
    pub(super) fn check(&self, principal: &Principal, now: u64) -> Result<(), Unmet> {
        in_force(&self.when, now)?;
        if principal.is_fork_pipeline() && !self.allow_fork_pipelines {
            return Err(Unmet::Fork);
        }
        if let Some(label) = &self.project_path
            && label != principal.project_path()
        {
            return Err(Unmet::Path { required: label.clone() });
        }
        conditions(&self.when, principal)?;
        let age = now.saturating_sub(principal.issued_at());
        match self.max_token_age_seconds {
            Some(limit) if age > limit => Err(Unmet::TokenAge { age, limit }),
            _ => Ok(()),
        }
    }
}

impl DenyRule {
    /// Neither a label nor the age of a token nor a fork can make a deny row weaker.
    pub(super) fn check(&self, principal: &Principal, now: u64) -> Result<(), Unmet> {
        in_force(&self.when, now)?;
        conditions(&self.when, principal)
    }
}

fn in_force(when: &When, now: u64) -> Result<(), Unmet> {
    if !when.enabled {
        return Err(Unmet::Disabled);
    }
    if when.not_before.is_some_and(|start| now < start) {
        return Err(Unmet::NotYetInForce);
    }
    if when.expires_at.is_some_and(|end| now >= end) {
        return Err(Unmet::Expired);
    }
    Ok(())
}

fn conditions(when: &When, principal: &Principal) -> Result<(), Unmet> {
    match when.conditions.first_unmet(principal) {
        None => Ok(()),
        Some((claim, patterns)) => {
            Err(Unmet::Condition { claim, required: patterns.iter().map(Pattern::to_string).collect() })
        }
    }
}
