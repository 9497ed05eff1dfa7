//! Who gets what, told from the rows alone: as conditions, because no list of GitLab's branches and people is at hand.

mod cuts;
mod placeholders;
mod project;
mod standing;
mod terms;

#[cfg(test)]
mod tests;

use brevet_policy::{AllowRule, Mapping, MappingName, Reading, Right, Row, Rule, read};

pub use self::cuts::Cut;
use self::cuts::Cuts;
use self::placeholders::Ids;
pub use self::project::{Project, roles_of};
pub use self::standing::Standing;
pub use self::terms::Terms;
use crate::cover::denying;
use crate::facts::Facts;

/// What people ask about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The ARN of a role; with `{project_id}` in it, the rows that say exactly so.
    Role(String),
    /// The name of a mapping, one for an API among them.
    Name(MappingName),
}

/// One row that leads to a role or to routes, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Reach {
    /// Key of the row: its scope.
    pub scope: String,
    /// Key of the row: its name, which is what a job asks for.
    pub name: String,
    /// Which edition of the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the row leads there now.
    #[serde(flatten)]
    pub standing: Standing,
    /// The role, with ids filled in where there can be only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The routes, on rows for an API.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// For whom, in plain words; nothing if the row cannot be read.
    #[serde(flatten)]
    pub terms: Option<Terms>,
    /// Deny rows that take something away from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cut_by: Vec<Cut>,
}

impl Target {
    /// Reads the ARN of a role or the name of a mapping, or says nothing more than that it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let role = || brevet_policy::RoleArnTemplate::parse(text).map(|arn| Self::Role(arn.as_str().to_owned()));
        role().or_else(|| MappingName::parse(text).map(Self::Name))
    }
}

/// Every row that leads to a role or has a name, those that lead there now first. Rows that cannot be read are among
/// them, as long as their name or role says so.
pub fn who_can(rows: &[Row], target: &Target, now: u64) -> Vec<Reach> {
    let readings: Vec<Reading> = rows.iter().map(read).collect();
    let cuts = Cuts::new(&readings, now);
    let mut found: Vec<Reach> = rows
        .iter()
        .zip(&readings)
        .filter_map(|(row, reading)| match reading {
            Reading::Valid(mapping) => of_mapping(mapping, target, &cuts, now),
            Reading::Invalid(_) => of_unreadable(row, reading, target),
        })
        .collect();
    found.sort_by_key(|reach| reach.standing.order());
    found
}

fn of_mapping(mapping: &Mapping, target: &Target, cuts: &Cuts<'_>, now: u64) -> Option<Reach> {
    let Rule::Allow(rule) = &mapping.rule else { return None };
    let mut facts = Facts::of(mapping);
    match (target, &rule.right) {
        (Target::Name(name), _) => mapping.name.covers(name).then_some(())?,
        (Target::Role(arn), Right::Role(terms)) if arn == terms.role_arn.as_str() => {}
        (Target::Role(arn), Right::Role(terms)) => {
            Ids::known(&facts).that_make(terms.role_arn.as_str(), arn)?.add_to(&mut facts);
        }
        (Target::Role(_), Right::Routes(_)) => return None,
    }
    facts.contradiction().is_none().then(|| reach(mapping, rule, &facts, cuts, now))
}

/// What a row gives to jobs of these facts.
fn reach(mapping: &Mapping, rule: &AllowRule, facts: &Facts, cuts: &Cuts<'_>, now: u64) -> Reach {
    let (role_arn, routes) = match &rule.right {
        Right::Role(terms) => (Some(Ids::known(facts).fill(terms.role_arn.as_str())), Vec::new()),
        Right::Routes(terms) => (None, terms.routes.iter().map(ToString::to_string).collect()),
    };
    let cut_by = cuts.of(mapping, rule, facts);
    Reach {
        scope: mapping.scope.to_string(),
        name: mapping.name.to_string(),
        version: mapping.version.clone(),
        standing: Standing::of(&rule.when, &cut_by, now),
        role_arn,
        routes,
        terms: Some(Terms::of(mapping, rule, facts)),
        cut_by,
    }
}

/// A row that cannot be read, and was not meant to keep anybody out.
fn of_unreadable(row: &Row, reading: &Reading, target: &Target) -> Option<Reach> {
    let invalid = reading.invalid().filter(|_| denying(reading).is_none())?;
    let role_arn = row.get("role_arn").and_then(serde_json::Value::as_str).map(str::to_owned);
    let meant = match target {
        Target::Name(name) => invalid.name.as_deref() == Some(name.as_str()),
        Target::Role(arn) => {
            let template = role_arn.as_deref();
            template.is_some_and(|template| template == arn || Ids::default().that_make(template, arn).is_some())
        }
    };
    meant.then(|| Reach {
        scope: invalid.scope.clone().unwrap_or_default(),
        name: invalid.name.clone().unwrap_or_default(),
        version: invalid.version.clone(),
        standing: Standing::unreadable(invalid),
        role_arn,
        routes: Vec::new(),
        terms: None,
        cut_by: Vec::new(),
    })
}
