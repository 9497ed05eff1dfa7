use brevet_identity::NumericId;
use brevet_policy::{AllowRule, Mapping, Reading, Row, Rule, Scope, Subject, read};

use super::cuts::Cuts;
use super::{Reach, Standing, reach};
use crate::cover::denying;
use crate::facts::Facts;

/// A project, by what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: Option<NumericId>,
    /// The id of its immediate namespace.
    pub namespace_id: Option<NumericId>,
    /// Its full path.
    pub path: Option<String>,
}

/// Every row that is for a project of this issuer, by name and, below each name, most specific first: the first whose
/// terms a job meets is the one that is used. Where something about the project is not known, the rows that depend on
/// it are there and say so.
pub fn roles_of(project: &Project, issuer: &str, rows: &[Row], now: u64) -> Vec<Reach> {
    let readings: Vec<Reading> = rows.iter().map(read).collect();
    let cuts = Cuts::new(&readings, now);
    let mut found: Vec<(usize, Reach)> =
        readings.iter().filter_map(|reading| project.reach(issuer_of(issuer), reading, &cuts, now)).collect();
    found.sort_by(|(rank, reach), (other_rank, other)| (&reach.name, rank).cmp(&(&other.name, other_rank)));
    found.into_iter().map(|(_, reach)| reach).collect()
}

/// Whether a scope holds the project.
enum Membership {
    /// It does; the lower, the more specific.
    In(usize),
    /// That depends on this.
    Unknown(&'static str),
    Out,
}

impl Project {
    fn reach(&self, issuer: &str, reading: &Reading, cuts: &Cuts<'_>, now: u64) -> Option<(usize, Reach)> {
        let scope = match reading {
            Reading::Valid(mapping) => mapping.scope.clone(),
            Reading::Invalid(invalid) => invalid.scope()?,
        };
        let (rank, unknown) = match self.membership(issuer, &scope) {
            Membership::In(rank) => (rank, None),
            Membership::Unknown(what) => (usize::MAX, Some(what)),
            Membership::Out => return None,
        };
        let mut found = match reading {
            Reading::Valid(mapping) => {
                let Rule::Allow(rule) = &mapping.rule else { return None };
                self.of_rule(mapping, rule, cuts, now)?
            }
            Reading::Invalid(invalid) if denying(reading).is_none() => Reach {
                scope: scope.to_string(),
                name: invalid.name.clone().unwrap_or_default(),
                version: invalid.version.clone(),
                standing: Standing::unreadable(invalid),
                role_arn: None,
                routes: Vec::new(),
                terms: None,
                cut_by: Vec::new(),
            },
            Reading::Invalid(_) => return None,
        };
        if let (Standing::Now, Some(what)) = (&found.standing, unknown) {
            found.standing = Standing::CannotTell { why: format!("the project's {what} is not known") };
        }
        Some((rank, found))
    }

    /// A row whose label is another path than the project's is listed: whoever renames a project asks why it fails.
    fn of_rule(&self, mapping: &Mapping, rule: &AllowRule, cuts: &Cuts<'_>, now: u64) -> Option<Reach> {
        let renamed =
            rule.project_path.as_deref().filter(|label| self.path.as_deref().is_some_and(|path| path != *label));
        let known = if renamed.is_some() { &Self { path: None, ..self.clone() } } else { self };
        let mut facts = Facts::of(mapping);
        known.add_to(&mut facts);
        let mut found = facts.contradiction().is_none().then(|| reach(mapping, rule, &facts, cuts, now))?;
        if let Some(label) = renamed {
            found.standing =
                Standing::NotNow { why: format!("is for the path `{label}`, which the project does not have") };
        }
        Some(found)
    }

    fn membership(&self, issuer: &str, scope: &Scope) -> Membership {
        if scope.issuer() != issuer {
            return Membership::Out;
        }
        let by_id = |own: &Option<NumericId>, id: &str, rank, what| match own {
            None => Membership::Unknown(what),
            Some(own) if own.to_string() == id => Membership::In(rank),
            Some(_) => Membership::Out,
        };
        match scope.subject() {
            Subject::Project(id) => by_id(&self.id, id, 1, "id"),
            Subject::Namespace(id) => by_id(&self.namespace_id, id, 2, "namespace id"),
            Subject::Everyone => Membership::In(usize::MAX - 1),
            Subject::Group(group) => match &self.path {
                None => Membership::Unknown("path"),
                Some(path) if path.strip_prefix(group).is_some_and(|rest| rest.starts_with('/')) => {
                    Membership::In(usize::MAX - 2 - group.len())
                }
                Some(_) => Membership::Out,
            },
        }
    }

    fn add_to(&self, facts: &mut Facts) {
        for (claim, id) in [("project_id", &self.id), ("namespace_id", &self.namespace_id)] {
            id.iter().for_each(|id| facts.add_value(claim, &id.to_string()));
        }
        self.path.iter().for_each(|path| facts.add_path(path));
    }
}

/// As scopes begin: without scheme and closing slash.
fn issuer_of(text: &str) -> &str {
    let host = text.split_once("://").map_or(text, |(_, host)| host);
    host.strip_suffix('/').unwrap_or(host)
}
