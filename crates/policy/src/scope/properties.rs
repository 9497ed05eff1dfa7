//! Scopes against a second reading of them.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use super::*;
use crate::test_support::principal_with;

/// Groups whose names begin or end alike, or look like a part of a scope.
fn any_path() -> impl Strategy<Value = String> {
    let names = vec!["a", "A", "ab", "b", "group", "project", "4711", "a.b", "-"];
    prop::collection::vec(select(names), 1..5).prop_map(|segments| segments.join("/"))
}

/// A namespace and a group: often one above it, or one that only begins the same.
fn any_pair() -> impl Strategy<Value = (String, String)> {
    let beginning = (any_path(), any::<Index>()).prop_map(|(path, end)| {
        let group = path[..=end.index(path.len())].trim_end_matches('/').to_owned();
        (path, group)
    });
    prop_oneof![3 => beginning, 1 => (any_path(), any_path())]
}

fn any_id() -> impl Strategy<Value = String> {
    select(vec!["0", "4", "47", "471", "4711", "47110"]).prop_map(str::to_owned)
}

fn any_issuer() -> impl Strategy<Value = String> {
    let others = select(vec!["gitlab.example.com:8443", "gitlab.example.com/sub", "gitlab.example.co"]);
    prop_oneof![4 => Just("gitlab.example.com"), 1 => others].prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn a_group_is_the_jobs_only_if_its_namespace_is_that_path_or_below_it(
        issuer in any_issuer(), own in any_issuer(), (namespace, group) in any_pair(),
    ) {
        let job = principal_with(&[("iss", json!(format!("https://{own}"))), ("namespace_path", json!(namespace))]);
        let scope = Scope::parse(&format!("{issuer}/group/{group}")).unwrap();
        let below = namespace == group || namespace.starts_with(&format!("{group}/"));
        prop_assert_eq!(scopes_of(&job).contains(&scope), issuer == own && below);
    }

    #[test]
    fn an_id_is_the_jobs_only_if_it_is_the_same_of_the_same_kind(
        kind in select(vec!["project", "namespace"]), id in any_id(), project in any_id(), namespace in any_id(), path in any_path(),
    ) {
        let claims = [("project_id", &project), ("job_project_id", &project), ("namespace_id", &namespace), ("namespace_path", &path)];
        let job = principal_with(&claims.map(|(claim, value)| (claim, json!(value))));
        let scope = Scope::parse(&format!("gitlab.example.com/{kind}/{id}")).unwrap();
        let own = if kind == "project" { &project } else { &namespace };
        prop_assert_eq!(scopes_of(&job).contains(&scope), *own == id);
    }

    #[test]
    fn every_scope_of_a_job_can_be_written_into_a_row_and_is_there_once(issuer in any_issuer(), namespace in any_path()) {
        let job = principal_with(&[("iss", json!(format!("https://{issuer}"))), ("namespace_path", json!(namespace))]);
        let scopes = scopes_of(&job);
        for scope in &scopes {
            prop_assert_eq!(Scope::parse(scope.as_str()), Some(scope.clone()));
            prop_assert_eq!(scope.issuer(), &issuer);
            prop_assert_eq!(scopes.iter().filter(|other| *other == scope).count(), 1);
        }
    }
}
