//! No row that keeps out, goes away or cannot be read ever lets anybody in.

use proptest::prelude::*;

use super::*;
use crate::session::{Narrowing, SessionRequest};
use crate::test_support::jobs::any_job;
use crate::test_support::slips::any_slip;
use crate::test_support::tables::{any_allow_row, any_deny_row, any_granting_row, any_invalid_row, any_table};

fn any_moment() -> impl Strategy<Value = u64> {
    NOW - 1..NOW + 3
}

fn any_duration() -> impl Strategy<Value = u64> {
    prop_oneof![0_u64..5_000, prop::sample::select(vec![899, 900, 901, 1_799, 1_801, 3_600, 3_601, 43_200, u64::MAX])]
}

/// A table without a row of the same key, and with it: a table cannot hold two.
fn without_and_with(mut table: Vec<Row>, row: Row) -> (Vec<Row>, Vec<Row>) {
    table.retain(|own| (own.get("scope"), own.get("name")) != (row.get("scope"), row.get("name")));
    let with = [table.as_slice(), &[row]].concat();
    (table, with)
}

proptest! {
    #[test]
    fn adding_a_deny_row_never_widens(job in any_job(), table in any_table(), row in any_deny_row(), now in any_moment()) {
        let (before, after) = without_and_with(table, row);
        let (before, after) = (Reach::of(&job, &before, now), Reach::of(&job, &after, now));
        prop_assert!(after.is_within(&before) && after.agrees_with(&before));
    }

    #[test]
    fn adding_a_row_that_cannot_be_read_never_widens(
        job in any_job(), table in any_table(), row in any_invalid_row(), now in any_moment(),
    ) {
        let (before, after) = without_and_with(table, row);
        let (before, after) = (Reach::of(&job, &before, now), Reach::of(&job, &after, now));
        prop_assert!(after.is_within(&before) && after.agrees_with(&before));
    }

    #[test]
    fn removing_an_allow_row_never_widens(
        job in any_job(), table in any_table(), row in any_allow_row(), now in any_moment(),
    ) {
        let (after, before) = without_and_with(table, row);
        prop_assert!(Reach::of(&job, &after, now).is_within(&Reach::of(&job, &before, now)));
    }

    #[test]
    fn a_slip_that_makes_a_row_unreadable_never_widens(
        job in any_job(), table in any_table(), row in prop_oneof![any_allow_row(), any_deny_row()], slip in any_slip(), now in any_moment(),
    ) {
        let slipped = slip.made_in(&row);
        prop_assume!(matches!(read(&slipped), Reading::Invalid(_)));
        let (mut after, before) = without_and_with(table, row);
        after.push(slipped);
        prop_assert!(Reach::of(&job, &after, now).is_within(&Reach::of(&job, &before, now)), "{:?}", after.last());
    }

    #[test]
    fn whatever_is_granted_one_readable_allow_row_grants_by_itself(job in any_job(), table in any_table(), now in any_moment()) {
        let reach = Reach::of(&job, &table, now);
        let alone: Vec<Reach> = table
            .iter()
            .filter(|row| matches!(read(row), Reading::Valid(mapping) if mapping.effect() == crate::mapping::Effect::Allow))
            .map(|row| Reach::of(&job, std::slice::from_ref(row), now))
            .collect();
        for (name, grant) in &reach.grants {
            let says_so = |row: &&Reach| row.grants.get(name).is_some_and(|own| {
                (own.scope(), own.version(), own.terms()) == (grant.scope(), grant.version(), grant.terms())
            });
            prop_assert_eq!(alone.iter().filter(says_so).count(), 1, "{}", name);
        }
        for request in &reach.requests {
            prop_assert!(alone.iter().any(|row| row.requests.contains(request)), "{:?}", request);
        }
    }

    #[test]
    fn a_session_is_never_longer_or_of_another_role_than_the_row_says(row in any_granting_row(), asked in prop::option::of(any_duration())) {
        let grant = granted(&principal(), std::slice::from_ref(&row));
        let said = |attribute: &str| row.get(attribute).and_then(Value::as_u64);
        let most = said("max_duration_seconds").or(said("duration_seconds")).unwrap_or(3_600);
        let narrowing = Narrowing { duration_seconds: asked, ..Narrowing::default() };
        let Ok(request) = SessionRequest::build(&grant, &principal(), &narrowing) else {
            prop_assert!(asked.is_some_and(|asked| asked < 900 || asked > most));
            return Ok(());
        };
        prop_assert!((900..=most).contains(&request.duration_seconds), "{}", request.duration_seconds);
        prop_assert!(asked.is_none_or(|asked| asked == request.duration_seconds));
        let role = row["role_arn"].as_str().unwrap().replace("{project_id}", "4711").replace("{namespace_id}", "812");
        prop_assert_eq!(request.role_arn.to_string(), role);
        prop_assert_eq!(request.policy, row.get("session_policy").map(Value::to_string));
        prop_assert_eq!(json!(request.policy_arns), row.get("policy_arns").cloned().unwrap_or(json!([])));
    }
}
