use brevet_policy::{Mode, Reading, Right, Row, Rule, Scope, Subject, read};
use serde::Serialize;

use super::row::closes_all;
use super::{is_freeze, is_of};

/// What a freeze of a scope closes.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Effect {
    /// Allow rows in force that serve no job any more.
    pub(super) whole: u64,
    /// Allow rows in force that serve other jobs still, or may do so.
    pub(super) partly: u64,
    /// How many of both are for the routes of APIs.
    pub(super) of_apis: u64,
    /// Rows that close the whole scope beside it.
    pub(super) closed_anyway: Vec<String>,
}

/// How much of a row a freeze takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Share {
    Whole,
    Part,
    None,
}

impl Effect {
    pub(super) fn of(frozen: &Scope, rows: &[Row], now: u64) -> Self {
        let mut effect = Self::default();
        for row in rows {
            let Reading::Valid(mapping) = read(row) else { continue };
            if let Rule::Deny(rule) = &mapping.rule {
                let alive = rule.when.expires_at.is_none_or(|end| now < end);
                let is_other = !(is_of(row, frozen) && is_freeze(row));
                if mapping.name.as_str() == "*"
                    && alive
                    && is_other
                    && holds(&mapping.scope, frozen, None) == Share::Whole
                    && closes_all(row)
                {
                    effect.closed_anyway.push(format!("`{}`", mapping.scope));
                }
                continue;
            }
            let Rule::Allow(rule) = &mapping.rule else { continue };
            let when = &rule.when;
            let serves = when.enabled && when.mode == Mode::Enforce && when.expires_at.is_none_or(|end| now < end);
            let share = holds(frozen, &mapping.scope, rule.project_path.as_deref());
            match share {
                Share::Whole if serves => effect.whole += 1,
                Share::Part if serves => effect.partly += 1,
                Share::Whole | Share::Part | Share::None => continue,
            }
            effect.of_apis += u64::from(matches!(rule.right, Right::Routes(_)));
        }
        effect
    }
}

/// How much of one scope is in another. Which group a project or namespace is in the rows do not say, but for a label.
fn holds(outer: &Scope, inner: &Scope, label: Option<&str>) -> Share {
    if outer.issuer() != inner.issuer() {
        return Share::None;
    }
    let below =
        |path: &str, group: &str| path.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    match (outer.subject(), inner.subject()) {
        (Subject::Everyone, _) => Share::Whole,
        (_, Subject::Everyone) => Share::Part,
        (Subject::Project(own), Subject::Project(other)) | (Subject::Namespace(own), Subject::Namespace(other)) => {
            if own == other {
                Share::Whole
            } else {
                Share::None
            }
        }
        (Subject::Group(own), Subject::Group(other)) if below(other, own) => Share::Whole,
        (Subject::Group(own), Subject::Group(other)) if below(own, other) => Share::Part,
        (Subject::Group(_), Subject::Group(_)) => Share::None,
        (Subject::Group(group), Subject::Project(_)) => match label {
            Some(path) if below(path, group) => Share::Whole,
            Some(_) => Share::None,
            None => Share::Part,
        },
        (Subject::Namespace(_) | Subject::Project(_) | Subject::Group(_), _) => Share::Part,
    }
}
