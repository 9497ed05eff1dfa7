//! The same rows say the same, in whichever order they come and however they are spelled.

use proptest::prelude::*;

use super::*;
use crate::test_support::jobs::any_job;
use crate::test_support::spellings::any_spelling;
use crate::test_support::tables::{any_allow_row, any_deny_row, any_invalid_row, any_table};

/// Everything that is said about a job: decisions, reasons, traces, routes, in their order.
fn all_that_is_said(job: &Principal, readings: &[Reading]) -> String {
    let asked = NAMES.map(|name| decide(job, readings, &MappingName::parse(name).unwrap(), NOW));
    let (routes, surveyed) = (routes_of(job, readings, NOW), survey(job, readings, NOW));
    format!("{asked:#?}\n{routes:#?} {:?}\n{surveyed:#?}", routes.usage_plan_key())
}

proptest! {
    #[test]
    fn says_the_same_in_whichever_order_the_rows_come(
        job in any_job(), (table, shuffled) in any_table().prop_flat_map(|table| (Just(table.clone()), Just(table).prop_shuffle())),
    ) {
        prop_assert_eq!(all_that_is_said(&job, &readings(&table)), all_that_is_said(&job, &readings(&shuffled)));
    }

    #[test]
    fn reads_the_same_from_each_harmless_spelling(
        row in prop_oneof![any_allow_row(), any_deny_row(), any_invalid_row()], spelling in any_spelling(),
    ) {
        let respelled = spelling.of(&row);
        match (read(&row), read(&respelled)) {
            (Reading::Valid(own), other) => prop_assert_eq!(Reading::Valid(own), other, "{:?}", respelled),
            (Reading::Invalid(own), Reading::Invalid(other)) => {
                prop_assert_eq!((own.scope, own.name, own.version), (other.scope, other.name, other.version));
            }
            (Reading::Invalid(_), Reading::Valid(_)) => prop_assert!(false, "became readable: {:?}", respelled),
        }
    }

    #[test]
    fn decides_the_same_by_each_harmless_spelling(job in any_job(), table in any_table(), spelling in any_spelling()) {
        let respelled: Vec<Row> = table.iter().map(|row| spelling.of(row)).collect();
        prop_assert_eq!(all_that_is_said(&job, &readings(&table)), all_that_is_said(&job, &readings(&respelled)));
    }
}
