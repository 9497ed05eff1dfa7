//! The decision: default deny; any enforced deny row that applies wins; else any allow row that applies grants, and the
//! most specific one is used.

mod check;
mod consider;
mod denial;
mod grant;
mod routes;
mod sentences;
mod trace;

#[cfg(test)]
mod tests;

use brevet_identity::Principal;

use self::consider::{Considered, consider};
pub use self::denial::{Denial, DenialCode, DenialReason, FullDenialReason};
pub use self::grant::Grant;
pub use self::routes::{RouteEntitlement, entitlement};
pub use self::trace::{Finding, TraceLine};
use crate::name::{MappingName, RowName};
use crate::reading::Reading;

/// What came of a request for a role.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Yes.
    Granted(Grant),
    /// No, and why.
    Denied(Denial),
}

/// One of the names a job could ask for, and what would come of it.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// The name.
    pub name: MappingName,
    /// What comes of asking for it.
    pub outcome: Outcome,
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

impl Surveyed {
    /// Whether the name comes from one of the job's own scopes. A row `*` has a say under every name, and names none.
    fn has_a_row_of_its_own(&self) -> bool {
        self.outcome.trace().iter().any(|line| line.name == self.name.as_str())
    }
}

/// Decides whether this job gets the role it asks for.
///
/// `readings` may hold rows of any scope and name: those that are not for this job and this name have no say.
pub fn decide(principal: &Principal, readings: &[Reading], name: &MappingName, now: u64) -> Outcome {
    if name.is_api() {
        return Outcome::Denied(Denial::of_rows(principal, name, &[], sentences::no_mapping(name, principal)));
    }
    let rows = consider(principal, readings, name, now);
    let denied = rows.iter().any(Considered::denies_all);
    match rows.iter().find_map(|row| Grant::from_row(row, name, &rows)) {
        Some(grant) if !denied => Outcome::Granted(grant),
        _ => Outcome::Denied(Denial::of_rows(principal, name, &rows, sentences::no_mapping(name, principal))),
    }
}

/// Decides about every name of a role in these rows, in alphabetical order.
pub fn survey(principal: &Principal, readings: &[Reading], now: u64) -> Vec<Surveyed> {
    let mut names: Vec<MappingName> = readings.iter().filter_map(vending_name).collect();
    names.sort_unstable();
    names.dedup();
    let surveyed = names.into_iter().map(|name| Surveyed { outcome: decide(principal, readings, &name, now), name });
    surveyed.filter(Surveyed::has_a_row_of_its_own).collect()
}

fn vending_name(reading: &Reading) -> Option<MappingName> {
    let name = match reading {
        Reading::Valid(mapping) => mapping.name.clone(),
        Reading::Invalid(invalid) => invalid.row_name(),
    };
    match name {
        RowName::One(name) if !name.is_api() => Some(name),
        RowName::One(_) | RowName::Every => None,
    }
}
