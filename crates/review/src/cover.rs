//! Whether one row applies whenever another does.

use brevet_policy::{DenyRule, Mode, Reading, Right, Rule, When};

use crate::facts::Facts;
use crate::routes::routes_cover;

/// Whether the deny rule applies to every job that a row of these facts could let in, as long as that row is in force.
pub(crate) fn always_denies(deny: &DenyRule, (when, right): (&When, &Right), facts: &Facts, now: u64) -> bool {
    let routes = match (&deny.routes, right) {
        (None, _) => true,
        (Some(closed), Right::Routes(terms)) => routes_cover(closed, &terms.routes),
        (Some(_), Right::Role(_)) => false,
    };
    routes && always_applies(&deny.when, when, facts, now)
}

/// Whether a row applies whenever another of these facts does.
pub(crate) fn always_applies(other: &When, own: &When, facts: &Facts, now: u64) -> bool {
    let from = own.not_before.unwrap_or_default().max(now);
    let begins = other.not_before.is_none_or(|start| start <= from);
    let lasts = other.expires_at.is_none_or(|end| own.expires_at.is_some_and(|own| own <= end));
    let implied = || other.conditions.iter().all(|(claim, patterns)| facts.imply(claim, patterns));
    is_in_effect(other, now) && begins && lasts && implied()
}

/// Whether a row has consequences, now or later.
pub(crate) fn is_in_effect(when: &When, now: u64) -> bool {
    when.enabled && when.mode == Mode::Enforce && when.expires_at.is_none_or(|end| end > now)
}

/// What a row keeps out, readable or not.
pub(crate) fn denying(reading: &Reading) -> Option<&DenyRule> {
    match reading {
        Reading::Valid(mapping) => match &mapping.rule {
            Rule::Deny(rule) => Some(rule),
            Rule::Allow(_) => None,
        },
        Reading::Invalid(invalid) => invalid.denies(),
    }
}
