//! Every claim of a list with every value of another: one case each, with a name and a code of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::case::{Case, Expect};
use crate::gitlab::JobDescription;

/// Claims and values to be combined.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Family {
    /// The job all of them start from.
    #[serde(default)]
    job: JobDescription,
    /// Claims that the job's token does not have by itself, as JSON text.
    #[serde(default)]
    claims_json: BTreeMap<String, String>,
    /// What becomes of the claim, by a name.
    values: BTreeMap<String, Change>,
    rows: Vec<Row>,
}

/// `null` leaves the claim out, a text is the JSON it gets, two texts make it appear twice. `{{itself}}` is the JSON the
/// claim had, `{{itself|bare}}` the same without quotes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Change {
    Missing,
    Becomes(String),
    Twice([String; 2]),
}

/// Claims for which the same codes are right.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    claims: Vec<String>,
    otherwise: String,
    /// Names of values by code.
    #[serde(default)]
    but: BTreeMap<String, Vec<String>>,
    /// Values that make no sense for these claims.
    #[serde(default)]
    not: BTreeSet<String>,
}

impl Family {
    pub(super) fn cases(&self) -> impl Iterator<Item = Case> {
        self.rows.iter().flat_map(move |row| {
            for value in row.but.values().flatten().chain(&row.not) {
                assert!(self.values.contains_key(value), "`{value}` is not one of the family's values");
            }
            let pairs = row.claims.iter().flat_map(|claim| self.values.iter().map(move |value| (claim, value)));
            let wanted = pairs.filter(|(_, (name, _))| !row.not.contains(*name));
            wanted.map(move |(claim, (name, change))| self.case(row.expect(name), claim, name, change))
        })
    }

    fn case(&self, expect: Expect, claim: &str, value: &str, change: &Change) -> Case {
        let mut case = Case {
            name: format!("`{claim}`: {value}"),
            expect,
            job: self.job.clone(),
            claims_json: self.claims_json.clone(),
            ..Case::default()
        };
        let (itself, bare) = match self.claims_json.get(claim) {
            Some(json) => (json.clone(), json.trim_matches('"').to_owned()),
            None => (format!("{{{{claim.{claim}}}}}"), format!("{{{{claim.{claim}|bare}}}}")),
        };
        let text = |change: &str| change.replace("{{itself}}", &itself).replace("{{itself|bare}}", &bare);
        match change {
            Change::Missing => {
                case.claims_json.remove(claim);
                case.without.push(claim.to_owned());
            }
            Change::Becomes(json) => drop(case.claims_json.insert(claim.to_owned(), text(json))),
            Change::Twice([first, second]) => {
                case.claims_json.remove(claim);
                case.without.push(claim.to_owned());
                case.first = Some(format!("\"{claim}\":{}", text(first)));
                case.last = Some(format!("\"{claim}\":{}", text(second)));
            }
        }
        case
    }
}

impl Row {
    fn expect(&self, value: &str) -> Expect {
        let listed = self.but.iter().find(|(_, values)| values.iter().any(|listed| listed == value));
        Expect::same(listed.map_or(self.otherwise.as_str(), |(code, _)| code.as_str()))
    }
}
