//! A deny row that applies denies, whatever else the table holds and however badly the row is written.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::route::RoutePattern;
use crate::scope::scopes_of;
use crate::test_support::jobs::any_job;
use crate::test_support::object;
use crate::test_support::slips::any_slip;
use crate::test_support::tables::any_table;

/// A row that keeps a job out unconditionally, in one of its scopes.
fn denying(job: &Principal, scope: Index, changes: Value) -> Row {
    let scopes = scopes_of(job);
    let mut row = object(json!({"scope": scope.get(&scopes).as_str(), "name": "*", "effect": "deny"}));
    row.extend(object(changes));
    row
}

proptest! {
    #[test]
    fn nothing_is_open_under_a_row_that_denies_every_name(job in any_job(), mut table in any_table(), scope in any::<Index>()) {
        table.push(denying(&job, scope, json!({})));
        prop_assert!(Reach::of(&job, &table, NOW).is_empty());
    }

    #[test]
    fn nothing_is_open_under_one_that_cannot_be_read(
        job in any_job(), mut table in any_table(), scope in any::<Index>(), slip in any_slip(),
    ) {
        let slipped = slip.made_in(&denying(&job, scope, json!({})));
        prop_assume!(matches!(read(&slipped), Reading::Invalid(_)));
        table.push(slipped);
        prop_assert!(Reach::of(&job, &table, NOW).is_empty(), "{:?}", table.last());
    }

    #[test]
    fn nothing_is_open_of_a_name_or_an_api_that_a_row_denies(
        job in any_job(), mut table in any_table(), scope in any::<Index>(), name in select(NAMES.to_vec()),
    ) {
        table.extend([denying(&job, scope, json!({"name": name})), denying(&job, scope, json!({"name": "api.reports"}))]);
        let reach = Reach::of(&job, &table, NOW);
        prop_assert!(!reach.grants.contains_key(name) && !reach.surveyed.iter().any(|granted| granted == name));
        prop_assert_eq!(reach.requests, []);
    }

    #[test]
    fn no_route_is_open_that_a_row_closes(
        job in any_job(), mut table in any_table(), scope in any::<Index>(),
        closed in select(vec!["GET /reports/*", "GET /reports/**", "* /**", "POST /reports/1", "GET /", "$connect"]),
    ) {
        let everything = json!({"name": "api.reports", "effect": "allow", "routes": ["* /**", "$connect"], "allow_unprotected": true,
                                "allow_fork_pipelines": true});
        table.push(denying(&job, scope, everything));
        table.push(denying(&job, scope, json!({"name": "api.reports", "routes": [closed]})));
        let closed = RoutePattern::parse(closed).unwrap();
        let reach = Reach::of(&job, &table, NOW);
        prop_assert!(!reach.requests.iter().any(|(method, path)| closed.matches(method, path)), "{:?}", reach.requests);
    }
}
