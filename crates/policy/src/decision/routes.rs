use std::collections::HashSet;

use brevet_identity::Principal;

use super::consider::{Verdict, consider};
use super::denial::Denial;
use super::sentences;
use super::trace::TraceLine;
use crate::confidential::Confidential;
use crate::mapping::Right;
use crate::name::ApiName;
use crate::reading::Reading;
use crate::route::{RoutePattern, has_one_reading};
use crate::scope::scopes_of;
use crate::terms::RouteTerms;

/// Everything a job may call on an API: the same whichever route it calls now, so that a cached answer stays right.
#[derive(Clone, Debug)]
pub struct RouteEntitlement {
    allow: Vec<RoutePattern>,
    deny: Vec<RoutePattern>,
    usage_plan_key: Option<Confidential>,
    refusal: Denial,
}

/// Adds up the routes of every row `api.<API_NAME>` in all of the job's scopes.
pub fn entitlement(principal: &Principal, readings: &[Reading], api: &ApiName, now: u64) -> RouteEntitlement {
    let rows = consider(principal, &scopes_of(principal), readings, api.mapping_name(), now);
    let name = api.mapping_name();
    let refusal = Denial::of_rows(principal, name, &rows, sentences::no_route(name, principal));
    let all_denied = rows.iter().any(|row| row.denies_all());
    let deny = unique(rows.iter().filter_map(|row| row.denies()?.routes.as_ref()).flatten());
    let terms: Vec<&RouteTerms> = rows
        .iter()
        .filter_map(|row| match &row.verdict {
            Verdict::Allows(_, rule) if !all_denied => Some(&rule.right),
            _ => None,
        })
        .filter_map(|right| match right {
            Right::Routes(terms) => Some(terms),
            Right::Role(_) => None,
        })
        .collect();
    RouteEntitlement {
        allow: unique(terms.iter().flat_map(|terms| &terms.routes)),
        deny,
        usage_plan_key: terms.iter().find_map(|terms| terms.usage_plan_key.clone()),
        refusal,
    }
}

impl RouteEntitlement {
    /// The routes that are open, unless a route of [`deny`](Self::deny) closes them again.
    pub fn allow(&self) -> &[RoutePattern] {
        &self.allow
    }

    /// The routes that deny rows close, each also with trailing slashes. While there are any, every path with a `%` is
    /// closed too: it may be another spelling of one of them.
    pub fn deny(&self) -> &[RoutePattern] {
        &self.deny
    }

    /// Whether this request is among the open routes and not among the closed ones, however the server behind reads its
    /// path: see [`REFUSED_PATHS`](crate::REFUSED_PATHS).
    pub fn permits(&self, method: &str, path: &str) -> bool {
        let open = self.allow.iter().any(|route| route.matches(method, path));
        let closed = self.deny.iter().any(|route| route.closes(method, path) || path.contains('%'));
        open && !closed && has_one_reading(path)
    }

    /// The API key of the usage plan that the job's calls count against: the most specific row's that names one.
    pub fn usage_plan_key(&self) -> Option<&str> {
        self.usage_plan_key.as_ref().map(Confidential::expose)
    }

    /// Why no route at all is open, if so.
    pub fn denial(&self) -> Option<&Denial> {
        self.allow.is_empty().then_some(&self.refusal)
    }

    /// Every row that had a say, most specific first.
    pub fn trace(&self) -> &[TraceLine] {
        self.refusal.trace()
    }
}

/// Each once, in their order.
fn unique<'a>(routes: impl Iterator<Item = &'a RoutePattern>) -> Vec<RoutePattern> {
    let mut seen = HashSet::new();
    routes.filter(|route| seen.insert(*route)).cloned().collect()
}
