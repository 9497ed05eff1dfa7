use brevet_identity::ClaimName;
use brevet_policy::{AllowRule, Mapping, Pattern, Reading, Right, RoleTerms, Row, Rule, When, read};
use serde_json::Value;

use super::LintOptions;
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// A row under review.
pub(super) struct Case<'a> {
    pub(super) row: &'a Row,
    pub(super) reading: Reading,
    pub(super) options: &'a LintOptions,
    pub(super) now: u64,
}

/// The allow rows that can be read.
#[derive(Clone, Copy)]
pub(super) struct Allowing<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) rule: &'a AllowRule,
}

impl<'a> Case<'a> {
    pub(super) fn new(row: &'a Row, options: &'a LintOptions, now: u64) -> Self {
        Self { row, reading: read(row), options, now }
    }

    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match &self.reading {
            Reading::Valid(mapping) => Some(mapping),
            Reading::Invalid(_) => None,
        }
    }

    pub(super) fn allowing(&self) -> Option<Allowing<'_>> {
        let mapping = self.mapping()?;
        match &mapping.rule {
            Rule::Allow(rule) => Some(Allowing { mapping, rule }),
            Rule::Deny(_) => None,
        }
    }

    pub(super) fn is_deny(&self) -> bool {
        self.mapping().is_some_and(|mapping| matches!(mapping.rule, Rule::Deny(_)))
    }

    pub(super) fn when(&self) -> Option<&When> {
        match &self.mapping()?.rule {
            Rule::Allow(rule) => Some(&rule.when),
            Rule::Deny(rule) => Some(&rule.when),
        }
    }

    /// A finding at an attribute of the row.
    pub(super) fn at(
        &self,
        attribute: &str,
        (rule, severity): (LintRule, Severity),
        why: impl Into<String>,
        remedy: impl Into<String>,
    ) -> LintFinding {
        let text = |attribute| self.row.get(attribute).and_then(Value::as_str).unwrap_or_default().to_owned();
        LintFinding {
            rule,
            severity,
            scope: text("scope"),
            name: text("name"),
            attribute: Some(attribute.to_owned()),
            why: why.into(),
            remedy: remedy.into(),
        }
    }
}

impl<'a> Allowing<'a> {
    pub(super) fn condition(self, claim: &str) -> Option<&'a [Pattern]> {
        self.rule.when.conditions.get(ClaimName::parse(claim)?)
    }

    /// The role and its terms, if it gives one.
    pub(super) fn role(self) -> Option<&'a RoleTerms> {
        match &self.rule.right {
            Right::Role(terms) => Some(terms),
            Right::Routes(_) => None,
        }
    }
}
