//! The decision: default deny; any enforced deny row that applies wins; else any allow row that applies grants, and the
//! most specific one is used.

mod check;
mod consider;
mod denial;
mod grant;
mod routes;
mod sentences;
mod survey;
mod trace;

#[cfg(test)]
mod tests;

use brevet_identity::Principal;

use self::consider::{Considered, consider};
pub use self::denial::{Denial, DenialCode, DenialReason, FullDenialReason};
pub use self::grant::Grant;
pub use self::routes::{RouteEntitlement, entitlement};
pub use self::survey::{Surveyed, survey};
pub use self::trace::{Finding, TraceLine};
use crate::name::MappingName;
use crate::reading::Reading;
use crate::scope::{Scope, scopes_of};

/// What came of a request for a role.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Yes.
    Granted(Grant),
    /// No, and why.
    Denied(Denial),
}

impl Outcome {
    /// Every row that had a say, most specific first.
    pub fn trace(&self) -> &[TraceLine] {
        match self {
            Self::Granted(grant) => grant.trace(),
            Self::Denied(denial) => denial.trace(),
        }
    }
}

/// Decides whether this job gets the role it asks for.
///
/// `readings` may hold rows of any scope and name: those that are not for this job and this name have no say.
pub fn decide(principal: &Principal, readings: &[Reading], name: &MappingName, now: u64) -> Outcome {
    decide_among(principal, &scopes_of(principal), readings, name, now)
}

fn decide_among<'a>(
    principal: &Principal,
    scopes: &[Scope],
    readings: impl IntoIterator<Item = &'a Reading>,
    name: &MappingName,
    now: u64,
) -> Outcome {
    if name.is_api() {
        return Outcome::Denied(Denial::of_rows(principal, name, &[], sentences::no_mapping(name, principal)));
    }
    let rows = consider(principal, scopes, readings, name, now);
    let denied = rows.iter().any(Considered::denies_all);
    match rows.iter().find_map(|row| Grant::from_row(row, name, &rows)) {
        Some(grant) if !denied => Outcome::Granted(grant),
        _ => Outcome::Denied(Denial::of_rows(principal, name, &rows, sentences::no_mapping(name, principal))),
    }
}
