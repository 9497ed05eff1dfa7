//! What is certain of every job a row applies to: by its conditions, its scope and its label.

use std::collections::BTreeMap;

use brevet_identity::ClaimName;
use brevet_policy::{Conditions, DenyRule, Mapping, Pattern, Rule, Scope, Subject};

use crate::patterns::{covers, is_literal, overlap};

/// Lists of patterns by claim: the claim is there and matches each of its lists.
#[derive(Default)]
pub(crate) struct Facts(BTreeMap<ClaimName, Vec<Vec<Pattern>>>);

impl Facts {
    /// A label is a fact of an allow row only: a deny row denies whatever the path.
    pub(crate) fn of(mapping: &Mapping) -> Self {
        let rule = match &mapping.rule {
            Rule::Deny(rule) => return Self::of_deny(Some(&mapping.scope), rule),
            Rule::Allow(rule) => rule,
        };
        let mut facts = Self::default();
        facts.add_scope(&mapping.scope);
        rule.project_path.iter().for_each(|path| facts.add_path(path));
        facts.add_conditions(&rule.when.conditions);
        facts
    }

    /// What is certain of every job that a deny rule applies to; its row is without a scope if that cannot be read.
    pub(crate) fn of_deny(scope: Option<&Scope>, rule: &DenyRule) -> Self {
        let mut facts = Self::default();
        scope.into_iter().for_each(|scope| facts.add_scope(scope));
        facts.add_conditions(&rule.when.conditions);
        facts
    }

    /// Adds the path of the project, and so of its namespace.
    pub(crate) fn add_path(&mut self, path: &str) {
        self.add_value("project_path", path);
        path.rsplit_once('/').into_iter().for_each(|(namespace, _)| self.add_value("namespace_path", namespace));
    }

    /// Adds the one value of a claim.
    pub(crate) fn add_value(&mut self, claim: &str, value: &str) {
        self.add(claim, &[value.to_owned()]);
    }

    /// Whether every job of these facts meets the condition; `false` if that cannot be told.
    pub(crate) fn imply(&self, claim: ClaimName, patterns: &[Pattern]) -> bool {
        self.0.get(&claim).is_some_and(|lists| lists.iter().any(|list| covers(patterns, list) == Some(true)))
    }

    /// Whether no job can be of both.
    pub(crate) fn exclude(&self, other: &Self) -> bool {
        let apart = |(claim, lists): (&ClaimName, &Vec<Vec<Pattern>>)| {
            let own = self.0.get(claim).into_iter().flatten();
            own.into_iter().any(|own| lists.iter().any(|list| !overlap(own, list)))
        };
        other.0.iter().any(apart)
    }

    /// A claim of which no value can match everything that is said of it.
    pub(crate) fn contradiction(&self) -> Option<ClaimName> {
        let contradicts = |lists: &Vec<Vec<Pattern>>| {
            lists
                .iter()
                .enumerate()
                .any(|(index, list)| lists.iter().skip(index + 1).any(|other| !overlap(list, other)))
        };
        self.0.iter().find(|(_, lists)| contradicts(lists)).map(|(claim, _)| *claim)
    }

    /// The value of a claim, if it can have only one.
    pub(crate) fn only_value(&self, claim: &str) -> Option<&str> {
        let lists = self.0.get(&ClaimName::parse(claim)?)?;
        lists.iter().find_map(|list| match list.as_slice() {
            [only] if is_literal(only) => Some(only.as_str()),
            _ => None,
        })
    }

    /// Scopes that every job of these facts is in, a row's own among them.
    pub(crate) fn certain_scopes(&self, own: &Scope) -> Vec<Scope> {
        let issuer = own.issuer();
        let mut scopes = vec![own.as_str().to_owned(), issuer.to_owned()];
        scopes.extend(self.only_value("project_id").map(|id| format!("{issuer}/project/{id}")));
        scopes.extend(self.only_value("namespace_id").map(|id| format!("{issuer}/namespace/{id}")));
        let group = match own.subject() {
            Subject::Group(path) => Some(path),
            Subject::Everyone | Subject::Project(_) | Subject::Namespace(_) => None,
        };
        for path in [group, self.only_value("namespace_path")].into_iter().flatten() {
            let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
            scopes.extend(ends.filter_map(|end| Some(format!("{issuer}/group/{}", path.get(..end)?))));
        }
        scopes.sort_unstable();
        scopes.dedup();
        scopes.iter().filter_map(|scope| Scope::parse(scope)).collect()
    }

    fn add_scope(&mut self, scope: &Scope) {
        let issuer = scope.issuer();
        let issuers = ["https://", "http://"].map(|scheme| format!("{scheme}{issuer}"));
        self.add("iss", &issuers.clone().into_iter().chain(issuers.map(|issuer| issuer + "/")).collect::<Vec<_>>());
        match scope.subject() {
            Subject::Everyone => {}
            Subject::Project(id) => self.add("project_id", &[id.to_owned()]),
            Subject::Namespace(id) => self.add("namespace_id", &[id.to_owned()]),
            Subject::Group(path) => {
                self.add("project_path", &[format!("{path}/**")]);
                self.add("namespace_path", &[path.to_owned(), format!("{path}/**")]);
            }
        }
    }

    fn add_conditions(&mut self, conditions: &Conditions) {
        for (claim, patterns) in conditions.iter() {
            self.0.entry(claim).or_default().push(patterns.to_vec());
        }
        self.add_ref_path(conditions);
    }

    /// `ref_path` is made of `ref_type` and `ref`.
    fn add_ref_path(&mut self, conditions: &Conditions) {
        let of = |name| ClaimName::parse(name).and_then(|claim| conditions.get(claim));
        let may_be = |kind| of("ref_type").is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(kind)));
        let kinds = [("branch", "refs/heads/"), ("tag", "refs/tags/")];
        let prefixes: Vec<&str> =
            kinds.into_iter().filter(|(kind, _)| may_be(kind)).map(|(_, prefix)| prefix).collect();
        let paths: Vec<String> = match of("ref") {
            None => prefixes.iter().map(|prefix| format!("{prefix}**")).collect(),
            Some(refs) => {
                prefixes.iter().flat_map(|prefix| refs.iter().map(move |name| format!("{prefix}{name}"))).collect()
            }
        };
        self.add("ref_path", &paths);
    }

    /// Texts that are no patterns say nothing that is certain.
    fn add(&mut self, claim: &str, texts: &[String]) {
        let patterns: Result<Vec<Pattern>, _> = texts.iter().map(|text| Pattern::parse(text)).collect();
        if let (Some(claim), Ok(patterns)) = (ClaimName::parse(claim), patterns)
            && !patterns.is_empty()
        {
            self.0.entry(claim).or_default().push(patterns);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::{mapping, row};

    fn contradiction(changes: serde_json::Value) -> Option<String> {
        Facts::of(&mapping(&row(changes))).contradiction().map(|claim| claim.to_string())
    }

    #[test]
    fn finds_claims_that_contradict_scope_label_or_each_other() {
        let protected = "true";
        for (changes, claim) in [
            (json!({"conditions": {"ref_protected": protected, "project_id": ["1", "2"]}}), "project_id"),
            (json!({"conditions": {"ref_protected": protected, "iss": "https://gitlab.other.example"}}), "iss"),
            (
                json!({"conditions": {"ref_protected": protected, "ref": "main", "ref_path": "refs/heads/dev"}}),
                "ref_path",
            ),
            (
                json!({"conditions": {"ref_protected": protected, "ref_type": "tag", "ref_path": "refs/heads/*"}}),
                "ref_path",
            ),
            (json!({"scope": "gitlab.example.com/group/nordwind", "project_path": "other/x"}), "project_path"),
            (
                json!({"project_path": "a/b", "conditions": {"ref_protected": protected, "namespace_path": "b"}}),
                "namespace_path",
            ),
        ] {
            assert_eq!(contradiction(changes.clone()).as_deref(), Some(claim), "{changes}");
        }
    }

    #[test]
    fn finds_none_where_a_job_can_meet_all() {
        for changes in [
            json!({}),
            json!({"conditions": {"ref_protected": "true", "iss": "https://gitlab.example.com", "project_id": "4711"}}),
            json!({"conditions": {"ref_protected": "true", "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/**"}}),
            json!({"scope": "gitlab.example.com/group/nordwind", "project_path": "nordwind/platform/x"}),
        ] {
            assert_eq!(contradiction(changes.clone()), None, "{changes}");
        }
    }

    #[test]
    fn takes_no_label_of_a_deny_row_for_a_fact() {
        let changes =
            json!({"effect": "deny", "scope": "gitlab.example.com/group/nordwind", "project_path": "other/x"});
        assert_eq!(contradiction(changes), None);
    }
}
