use super::consider::{Considered, Verdict};
use super::trace::TraceLine;
use crate::mapping::Right;
use crate::name::MappingName;
use crate::scope::Scope;
use crate::terms::RoleTerms;

/// The right to a session of a role: the ticket to STS. Only a decision makes one.
#[derive(Clone, Debug)]
pub struct Grant {
    scope: Scope,
    name: MappingName,
    version: Option<String>,
    terms: Box<RoleTerms>,
    trace: Vec<TraceLine>,
}

impl Grant {
    pub(super) fn from_row(row: &Considered<'_>, name: &MappingName, rows: &[Considered<'_>]) -> Option<Self> {
        let Verdict::Allows(mapping, rule) = &row.verdict else { return None };
        let Right::Role(terms) = &rule.right else { return None };
        Some(Self {
            scope: mapping.scope.clone(),
            name: name.clone(),
            version: mapping.version.clone(),
            terms: Box::new(terms.clone()),
            trace: rows.iter().map(|row| row.line.clone()).collect(),
        })
    }

    /// The mapping that grants: its name.
    pub fn mapping(&self) -> &MappingName {
        &self.name
    }

    /// The mapping that grants: its scope.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Which edition of the row grants.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The role, and on which terms.
    pub fn terms(&self) -> &RoleTerms {
        &self.terms
    }

    /// How often one token may be used, if that is limited.
    pub fn max_uses_per_token(&self) -> Option<u64> {
        self.terms.max_uses_per_token
    }

    /// Every row that had a say, most specific first.
    pub fn trace(&self) -> &[TraceLine] {
        &self.trace
    }
}
