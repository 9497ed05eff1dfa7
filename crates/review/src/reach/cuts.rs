use brevet_policy::{AllowRule, DenyRule, Mapping, Reading, RowName, Scope};

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

/// The deny rows in force: looked for once, and held against every row.
pub(super) struct Cuts<'a> {
    rows: Vec<Denying<'a>>,
    now: u64,
}

struct Denying<'a> {
    reading: &'a Reading,
    rule: &'a DenyRule,
    scope: Option<Scope>,
    name: RowName,
    facts: Facts,
}

impl<'a> Cuts<'a> {
    pub(super) fn new(readings: &'a [Reading], now: u64) -> Self {
        let denying = |reading: &'a Reading| {
            let rule = denying(reading).filter(|rule| applies_now(rule, now))?;
            let scope = match reading {
                Reading::Valid(mapping) => Some(mapping.scope.clone()),
                Reading::Invalid(invalid) => invalid.scope(),
            };
            let facts = Facts::of_deny(scope.as_ref(), rule);
            Some(Denying { reading, rule, scope, name: reading.row_name(), facts })
        };
        Self { rows: readings.iter().filter_map(denying).collect(), now }
    }

    /// Those that can apply to a job of these facts.
    pub(super) fn of(&self, mapping: &Mapping, rule: &AllowRule, facts: &Facts) -> Vec<Cut> {
        let cut = |denying: &Denying<'_>| {
            if facts.exclude(&denying.facts) {
                return None;
            }
            let certain = |scope| facts.certain_scopes(&mapping.scope).contains(scope);
            let everywhere = denying.scope.as_ref().is_none_or(certain);
            let all = everywhere && always_denies(denying.rule, (&rule.when, &rule.right), facts, self.now);
            Some(denying.cut(all))
        };
        let covers = |denying: &&Denying<'_>| match &mapping.name {
            RowName::One(name) => denying.name.covers(name),
            RowName::Every => false,
        };
        self.rows.iter().filter(covers).filter_map(cut).collect()
    }
}

impl Denying<'_> {
    fn cut(&self, all: bool) -> Cut {
        let (scope, name) = match self.reading {
            Reading::Valid(mapping) => (mapping.scope.to_string(), mapping.name.to_string()),
            Reading::Invalid(row) => (row.scope.clone().unwrap_or_default(), row.name.clone().unwrap_or_default()),
        };
        Cut { scope, name, all, whom: whom(self.scope.as_ref(), self.rule) }
    }
}

fn applies_now(deny: &DenyRule, now: u64) -> bool {
    is_in_effect(&deny.when, now) && deny.when.not_before.is_none_or(|start| start <= now)
}

fn whom(scope: Option<&Scope>, deny: &DenyRule) -> String {
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
