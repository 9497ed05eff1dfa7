//! What holds for every table and every job.

mod denying;
mod order;
mod widening;

use std::collections::BTreeMap;

use super::*;
use crate::decision::RouteEntitlement;
use crate::name::ApiName;
use crate::test_support::tables::NAMES;

const REQUESTS: [(&str, &str); 8] = [
    ("GET", "/"),
    ("GET", "/reports"),
    ("GET", "/reports/1"),
    ("GET", "/reports/1/2"),
    ("POST", "/reports/1"),
    ("DELETE", "/admin"),
    ("GET", "/reports1"),
    ("$connect", "/"),
];

/// All that a job can get out of a table.
struct Reach {
    grants: BTreeMap<&'static str, Grant>,
    requests: Vec<(&'static str, &'static str)>,
    surveyed: Vec<String>,
}

impl Reach {
    fn of(job: &Principal, rows: &[Row], now: u64) -> Self {
        let readings = readings(rows);
        let granted = |name: &'static str| match decide(job, &readings, &MappingName::parse(name).unwrap(), now) {
            Outcome::Granted(grant) => Some((name, grant)),
            Outcome::Denied(_) => None,
        };
        let routes = routes_of(job, &readings, now);
        let surveyed = survey(job, &readings, now).into_iter();
        let surveyed = surveyed.filter(|one| matches!(one.outcome, Outcome::Granted(_)));
        Self {
            grants: NAMES.into_iter().filter_map(granted).collect(),
            requests: REQUESTS.into_iter().filter(|(method, path)| routes.permits(method, path)).collect(),
            surveyed: surveyed.map(|one| one.name.to_string()).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.grants.is_empty() && self.requests.is_empty() && self.surveyed.is_empty()
    }

    /// Whether there is nothing in it that is not in the other.
    fn is_within(&self, wider: &Self) -> bool {
        self.grants.keys().all(|name| wider.grants.contains_key(name))
            && self.requests.iter().all(|request| wider.requests.contains(request))
            && self.surveyed.iter().all(|name| wider.surveyed.contains(name))
    }

    /// Whether what is granted in both is granted by the same row on the same terms.
    fn agrees_with(&self, other: &Self) -> bool {
        let same = |one: &Grant, other: &Grant| {
            (one.scope(), one.version(), one.terms()) == (other.scope(), other.version(), other.terms())
        };
        self.grants.iter().all(|(name, grant)| other.grants.get(name).is_none_or(|other| same(grant, other)))
    }
}

fn routes_of(job: &Principal, readings: &[Reading], now: u64) -> RouteEntitlement {
    entitlement(job, readings, &ApiName::parse("reports").unwrap(), now)
}
