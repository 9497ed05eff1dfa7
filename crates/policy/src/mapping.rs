//! A role mapping after it was read: nothing in it can be malformed.

use std::collections::BTreeMap;

use brevet_identity::{ClaimName, Principal};

use crate::name::RowName;
use crate::pattern::Pattern;
use crate::route::RoutePattern;
use crate::scope::Scope;
use crate::terms::{RoleTerms, RouteTerms};

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Whom it is for.
    pub scope: Scope,
    /// What it is asked for by.
    pub name: RowName,
    /// Which edition of the row this is, for the audit line.
    pub version: Option<String>,
    /// What it says.
    pub rule: Rule,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `effect: allow`.
    Allow(Box<AllowRule>),
    /// `effect: deny`.
    Deny(DenyRule),
}

/// Whether a row lets in or keeps out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Lets in.
    Allow,
    /// Keeps out.
    Deny,
}

/// Whether a row has consequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It has.
    Enforce,
    /// It is evaluated and recorded, and changes nothing.
    Report,
}

/// When a row applies: what allow rows and deny rows have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// Whether it has consequences.
    pub mode: Mode,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The first second of its life.
    pub not_before: Option<u64>,
    /// The first second after its life.
    pub expires_at: Option<u64>,
    /// What the job's claims have to be.
    pub conditions: Conditions,
}

/// Patterns by claim, in the order of the claim table: all claims have to match, any pattern of a claim will do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions(pub(crate) BTreeMap<ClaimName, Vec<Pattern>>);

/// A row that lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowRule {
    /// When it applies.
    pub when: When,
    /// The path the project had when the row was written.
    pub project_path: Option<String>,
    /// Whether code from a fork may use it.
    pub allow_fork_pipelines: bool,
    /// The most that `now - iat` may be.
    pub max_token_age_seconds: Option<u64>,
    /// What it gives.
    pub right: Right,
}

/// A row that keeps out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenyRule {
    /// When it applies.
    pub when: When,
    /// The routes it closes; `None` closes all.
    pub routes: Option<Vec<RoutePattern>>,
}

/// What an allow row gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// Credentials of a role.
    Role(RoleTerms),
    /// Routes of an API.
    Routes(RouteTerms),
}

impl Mapping {
    /// Whether the row lets in or keeps out.
    pub fn effect(&self) -> Effect {
        match self.rule {
            Rule::Allow(_) => Effect::Allow,
            Rule::Deny(_) => Effect::Deny,
        }
    }
}

impl Conditions {
    /// Each claim with its patterns, in the order of the claim table.
    pub fn iter(&self) -> impl Iterator<Item = (ClaimName, &[Pattern])> {
        self.0.iter().map(|(claim, patterns)| (*claim, patterns.as_slice()))
    }

    /// The patterns of a claim, if there is a condition on it.
    pub fn get(&self, claim: ClaimName) -> Option<&[Pattern]> {
        self.0.get(&claim).map(Vec::as_slice)
    }

    /// The first claim that does not match, and the patterns it had to match. A missing claim never matches.
    pub fn first_unmet(&self, principal: &Principal) -> Option<(ClaimName, &[Pattern])> {
        let met = |claim: ClaimName, patterns: &[Pattern]| {
            principal.claim(claim).is_some_and(|value| patterns.iter().any(|pattern| pattern.matches(value)))
        };
        self.0
            .iter()
            .find(|(claim, patterns)| !met(**claim, patterns))
            .map(|(claim, patterns)| (*claim, patterns.as_slice()))
    }

    /// Whether only a protected ref or a protected environment can meet them.
    pub fn require_protection(&self) -> bool {
        let only_true = |patterns: &Vec<Pattern>| matches!(patterns.as_slice(), [only] if only.as_str() == "true");
        ["ref_protected", "environment_protected"]
            .into_iter()
            .filter_map(ClaimName::parse)
            .any(|claim| self.0.get(&claim).is_some_and(only_true))
    }
}
