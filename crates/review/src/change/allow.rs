//! Rows that let in: what a change of each attribute means.

use std::collections::BTreeSet;

use brevet_policy::{AllowRule, AssumeRoleTerms, Right, RoleTerms, Row, Via};
use serde_json::Value;

use super::meaning::Meaning;
use super::shift::{at_least, at_most, by_cover, moved, opened};
use crate::routes::routes_cover;

/// What a row gives, and to whom, as if before "project 4711 ...".
pub(super) fn gives(rule: &AllowRule) -> String {
    match &rule.right {
        Right::Role(terms) => format!("gives `{}` to", terms.role_arn.as_str()),
        Right::Routes(terms) => {
            let routes: Vec<String> = terms.routes.iter().map(|route| format!("`{route}`")).collect();
            format!("opens {} to", routes.join(", "))
        }
    }
}

/// The meaning of a change of one attribute other than a condition; `None` for what has none.
pub(super) fn attribute(name: &str, old: (&Row, &AllowRule), new: (&Row, &AllowRule)) -> Option<Meaning> {
    let ((old_row, old), (new_row, new)) = (old, new);
    let flag = |row: &Row| row.get(name).and_then(Value::as_bool).unwrap_or(false);
    let meaning = match name {
        "not_before" => at_least(old.when.not_before, new.when.not_before),
        "expires_at" => at_most(old.when.expires_at, new.when.expires_at),
        "project_path" => match (&old.project_path, &new.project_path) {
            (old, new) if old == new => Meaning::Neutral,
            (None, Some(_)) => Meaning::Narrows,
            (Some(_), _) | (None, None) => Meaning::Widens,
        },
        // What the row gives does not change, but nothing keeps the next edit of its conditions from opening it.
        "allow_unprotected" => opened(flag(old_row), flag(new_row)),
        "allow_fork_pipelines" => opened(old.allow_fork_pipelines, new.allow_fork_pipelines),
        "max_token_age_seconds" => at_most(old.max_token_age_seconds, new.max_token_age_seconds),
        _ => match (&old.right, &new.right) {
            (Right::Role(old), Right::Role(new)) => return role_attribute(name, old, new),
            (Right::Routes(old), Right::Routes(new)) => match name {
                "routes" => by_cover(routes_cover(&new.routes, &old.routes), routes_cover(&old.routes, &new.routes)),
                "usage_plan_key" => moved(&old.usage_plan_key, &new.usage_plan_key),
                _ => return None,
            },
            (Right::Role(_), Right::Routes(_)) | (Right::Routes(_), Right::Role(_)) => Meaning::Widens,
        },
    };
    Some(meaning)
}

fn role_attribute(name: &str, old: &RoleTerms, new: &RoleTerms) -> Option<Meaning> {
    let (before, after) = (assume_role(&old.via), assume_role(&new.via));
    let meaning = match name {
        "role_arn" => moved(&old.role_arn, &new.role_arn),
        "via" => moved(&before.is_some(), &after.is_some()),
        "duration_seconds" | "max_duration_seconds" => {
            let limits = [(old.duration.default, new.duration.default), (old.duration.longest, new.duration.longest)];
            limits.map(|(old, new)| at_most(Some(old), Some(new))).into_iter().max().unwrap_or(Meaning::Neutral)
        }
        "session_policy" | "policy_arns" => session_policies(old, new),
        "max_uses_per_token" => at_most(old.max_uses_per_token, new.max_uses_per_token),
        "session_tags" => {
            let tags = |terms: &AssumeRoleTerms| terms.session_tags.iter().copied().collect::<BTreeSet<_>>();
            moved(&before.map(tags), &after.map(tags))
        }
        "transitive_tag_keys" => {
            let keys = |terms: &AssumeRoleTerms| terms.transitive_tag_keys.iter().cloned().collect::<BTreeSet<_>>();
            moved(&before.map(keys), &after.map(keys))
        }
        "external_id" => moved(&before.map(|terms| &terms.external_id), &after.map(|terms| &terms.external_id)),
        "source_identity" => {
            moved(&before.map(|terms| terms.source_identity), &after.map(|terms| terms.source_identity))
        }
        _ => return None,
    };
    Some(meaning)
}

/// STS lets a session do what its role may *and* any one of the session policies allows; without one, all its role may.
/// Whether a policy allows more than another cannot be told here; nor whether one that goes was the one that denies.
fn session_policies(old: &RoleTerms, new: &RoleTerms) -> Meaning {
    let all = |terms: &RoleTerms| -> BTreeSet<String> {
        terms.session_policy.iter().map(Value::to_string).chain(terms.policy_arns.iter().cloned()).collect()
    };
    let (old, new) = (all(old), all(new));
    match (old.is_empty(), new.is_empty()) {
        (true, false) => Meaning::Narrows,
        (false, true) => Meaning::Widens,
        _ if old == new => Meaning::Neutral,
        _ => Meaning::Widens,
    }
}

fn assume_role(via: &Via) -> Option<&AssumeRoleTerms> {
    match via {
        Via::AssumeRole(terms) => Some(terms),
        Via::WebIdentity => None,
    }
}
