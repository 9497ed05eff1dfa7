use brevet_identity::Principal;

use super::check::Unmet;
use super::trace::{Finding, TraceLine};
use crate::mapping::{AllowRule, DenyRule, Effect, Mapping, Mode, Rule};
use crate::name::{MappingName, RowName};
use crate::reading::{InvalidMapping, Reading};
use crate::scope::Scope;

/// A row that has a say, with what came of it.
pub(super) struct Considered<'a> {
    /// 1 for the most specific of the job's scopes.
    pub(super) specificity: usize,
    pub(super) line: TraceLine,
    pub(super) verdict: Verdict<'a>,
}

/// What a row contributes to the decision.
pub(super) enum Verdict<'a> {
    Allows(&'a Mapping, &'a AllowRule),
    Denies(&'a DenyRule),
    /// An enforced allow row that does not apply.
    Fails(Unmet),
    /// An enforced allow row that cannot be read.
    Unreadable,
    /// A row in report mode, or a deny row that does not apply.
    Nothing,
}

impl<'a> Considered<'a> {
    /// By specificity, and within a scope by name: the table gives its rows in another order each time.
    fn place(&self) -> (usize, &str, &str) {
        (self.specificity, &self.line.scope, &self.line.name)
    }

    /// The deny rule, if it is one that applies.
    pub(super) fn denies(&self) -> Option<&'a DenyRule> {
        match self.verdict {
            Verdict::Denies(rule) => Some(rule),
            _ => None,
        }
    }

    /// Whether it is a deny row that applies, and leaves nothing open.
    pub(super) fn denies_all(&self) -> bool {
        self.denies().is_some_and(|rule| rule.routes.is_none())
    }
}

/// Every row that is for this job, which is in these scopes, and for this name, most specific first.
pub(super) fn consider<'a>(
    principal: &Principal,
    scopes: &[Scope],
    readings: impl IntoIterator<Item = &'a Reading>,
    name: &MappingName,
    now: u64,
) -> Vec<Considered<'a>> {
    let mut rows: Vec<Considered<'a>> = readings
        .into_iter()
        .filter_map(|reading| match reading {
            Reading::Valid(mapping) => consider_valid(principal, mapping, scopes, name, now),
            Reading::Invalid(invalid) => consider_invalid(principal, invalid, scopes, name, now),
        })
        .collect();
    rows.sort_by(|one, other| one.place().cmp(&other.place()));
    rows
}

fn consider_valid<'a>(
    principal: &Principal,
    mapping: &'a Mapping,
    scopes: &[Scope],
    name: &MappingName,
    now: u64,
) -> Option<Considered<'a>> {
    let specificity = specificity(&mapping.scope, scopes)?;
    if !mapping.name.covers(name) {
        return None;
    }
    let (mode, finding, verdict) = match &mapping.rule {
        Rule::Allow(rule) => {
            let (finding, verdict) = match (rule.check(principal, now), rule.when.mode) {
                (Ok(()), Mode::Enforce) => (Finding::Grants, Verdict::Allows(mapping, rule)),
                (Ok(()), Mode::Report) => (Finding::WouldGrant, Verdict::Nothing),
                (Err(unmet), Mode::Enforce) => (finding(&unmet, principal), Verdict::Fails(unmet)),
                (Err(unmet), Mode::Report) => (finding(&unmet, principal), Verdict::Nothing),
            };
            (rule.when.mode, finding, verdict)
        }
        Rule::Deny(rule) => judge_deny(principal, rule, Finding::Denies, now),
    };
    let line = TraceLine {
        scope: mapping.scope.to_string(),
        name: mapping.name.to_string(),
        version: mapping.version.clone(),
        effect: mapping.effect(),
        mode,
        finding,
    };
    Some(Considered { specificity, line, verdict })
}

/// A row without a readable scope has a say for every job: it may have been meant for this one.
fn consider_invalid<'a>(
    principal: &Principal,
    invalid: &'a InvalidMapping,
    scopes: &[Scope],
    name: &MappingName,
    now: u64,
) -> Option<Considered<'a>> {
    let specificity = match invalid.scope() {
        Some(scope) => specificity(&scope, scopes)?,
        None => scopes.len(),
    };
    let row_name = invalid.row_name();
    if !row_name.covers(name) {
        return None;
    }
    let (effect, (mode, finding, verdict)) = match invalid.denies() {
        Some(rule) => (Effect::Deny, judge_deny(principal, rule, Finding::DeniesUnread, now)),
        None if row_name == RowName::Every => return None,
        None => (Effect::Allow, (Mode::Enforce, Finding::Invalid, Verdict::Unreadable)),
    };
    let line = TraceLine {
        scope: invalid.scope.clone().unwrap_or_default(),
        name: invalid.name.clone().unwrap_or_default(),
        version: invalid.version.clone(),
        effect,
        mode,
        finding,
    };
    Some(Considered { specificity, line, verdict })
}

fn judge_deny<'a>(
    principal: &Principal,
    rule: &'a DenyRule,
    applies: Finding,
    now: u64,
) -> (Mode, Finding, Verdict<'a>) {
    let (finding, verdict) = match (rule.check(principal, now), rule.when.mode) {
        (Ok(()), Mode::Enforce) => (applies, Verdict::Denies(rule)),
        (Ok(()), Mode::Report) => (Finding::WouldDeny, Verdict::Nothing),
        (Err(unmet), _) => (finding(&unmet, principal), Verdict::Nothing),
    };
    (rule.when.mode, finding, verdict)
}

fn specificity(scope: &Scope, scopes: &[Scope]) -> Option<usize> {
    scopes.iter().position(|own| own == scope)
}

fn finding(unmet: &Unmet, principal: &Principal) -> Finding {
    match unmet {
        Unmet::Disabled => Finding::Disabled,
        Unmet::NotYetInForce => Finding::NotYetInForce,
        Unmet::Expired => Finding::Expired,
        Unmet::Fork => Finding::ForkPipeline,
        Unmet::Path { .. } => Finding::PathChanged { presented: principal.project_path().to_owned() },
        Unmet::Condition { claim, .. } => {
            Finding::ConditionNotMet { claim: *claim, presented: principal.claim(*claim).map(str::to_owned) }
        }
        Unmet::TokenAge { age, .. } => Finding::TokenTooOld { age_seconds: *age },
    }
}
