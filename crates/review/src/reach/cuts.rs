use brevet_policy::{AllowRule, DenyRule, Mapping, Reading};

use crate::cover::{always_denies, denying, is_in_effect};
use crate::facts::Facts;
use crate::words;

/// A deny row that takes something away from a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Cut {
    /// Key of the deny row: its scope, or nothing if that cannot be read.
    pub scope: String,
    /// Key of the deny row: its name, or nothing if that cannot be read.
    pub name: String,
    /// Whether nothing is left.
    pub all: bool,
    /// Whom it keeps out, in plain words.
    pub whom: String,
}

/// The deny rows in force that can apply to a job of these facts.
pub(super) fn of(mapping: &Mapping, rule: &AllowRule, facts: &Facts, readings: &[Reading], now: u64) -> Vec<Cut> {
    let cut = |reading: &Reading| {
        let deny = denying(reading).filter(|deny| applies_now(deny, now))?;
        let (scope, key_scope, key_name) = match reading {
            Reading::Valid(mapping) => {
                (Some(mapping.scope.clone()), mapping.scope.to_string(), mapping.name.to_string())
            }
            Reading::Invalid(row) => {
                (row.scope(), row.scope.clone().unwrap_or_default(), row.name.clone().unwrap_or_default())
            }
        };
        let same_name = match &mapping.name {
            brevet_policy::RowName::One(name) => reading.row_name().covers(name),
            brevet_policy::RowName::Every => false,
        };
        let mut both = facts.clone();
        both.add_denied(scope.as_ref(), deny);
        if !same_name || both.contradiction().is_some() {
            return None;
        }
        let everywhere = scope.as_ref().is_none_or(|scope| facts.certain_scopes(&mapping.scope).contains(scope));
        let all = everywhere && always_denies(deny, (&rule.when, &rule.right), facts, now);
        Some(Cut { scope: key_scope, name: key_name, all, whom: whom(scope.as_ref(), deny) })
    };
    readings.iter().filter_map(cut).collect()
}

fn applies_now(deny: &DenyRule, now: u64) -> bool {
    is_in_effect(&deny.when, now) && deny.when.not_before.is_none_or(|start| start <= now)
}

fn whom(scope: Option<&brevet_policy::Scope>, deny: &DenyRule) -> String {
    let whose = scope.map_or("every job there is, as its scope cannot be read".to_owned(), words::whose);
    let mut told = vec![whose];
    told.extend(
        deny.when
            .conditions
            .iter()
            .map(|(claim, patterns)| format!("with `{claim}` {}", words::any_of(Some(patterns)))),
    );
    if let Some(routes) = &deny.routes {
        let routes: Vec<String> = routes.iter().map(|route| format!("`{route}`")).collect();
        told.push(format!("for {}", routes.join(" and ")));
    }
    told.join(", ")
}
