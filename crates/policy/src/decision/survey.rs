use std::collections::BTreeMap;

use brevet_identity::Principal;

use super::{Outcome, decide_among};
use crate::name::{MappingName, RowName};
use crate::reading::Reading;
use crate::scope::scopes_of;

/// One of the names a job could ask for, and what would come of it.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// The name.
    pub name: MappingName,
    /// What comes of asking for it.
    pub outcome: Outcome,
}

impl Surveyed {
    /// Whether the name is a role's and comes from one of the job's own scopes: no row has a say when the name of an API
    /// is asked for, and a row `*` has one under every name, and names none.
    fn has_a_row_of_its_own(&self) -> bool {
        self.outcome.trace().iter().any(|line| line.name == self.name.as_str())
    }
}

/// Decides about every name of a role in these rows, in alphabetical order.
pub fn survey(principal: &Principal, readings: &[Reading], now: u64) -> Vec<Surveyed> {
    let scopes = scopes_of(principal);
    let rows = Rows::by_name(readings);
    let names = rows.named.keys().cloned();
    let surveyed = names
        .map(|name| Surveyed { outcome: decide_among(principal, &scopes, rows.that_cover(&name), &name, now), name });
    surveyed.filter(Surveyed::has_a_row_of_its_own).collect()
}

/// There may be thousands of names, each with a row or two.
struct Rows<'a> {
    named: BTreeMap<MappingName, Vec<&'a Reading>>,
    for_every_name: Vec<&'a Reading>,
}

impl<'a> Rows<'a> {
    fn by_name(readings: &'a [Reading]) -> Self {
        let mut rows = Self { named: BTreeMap::new(), for_every_name: Vec::new() };
        for reading in readings {
            match reading.row_name() {
                RowName::One(name) => rows.named.entry(name).or_default().push(reading),
                RowName::Every => rows.for_every_name.push(reading),
            }
        }
        rows
    }

    fn that_cover(&self, name: &MappingName) -> impl Iterator<Item = &'a Reading> {
        self.for_every_name.iter().chain(self.named.get(name).into_iter().flatten()).copied()
    }
}
