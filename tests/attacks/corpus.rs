//! The tables themselves: every one is run, nothing is in them twice, and every code is one of the contract's.

use std::collections::BTreeSet;

use brevet_tests::attacks::{Table, tables};
use brevet_tests::contract::status_of;

use super::tokens;

#[test]
fn every_table_is_run_by_a_test() {
    let mut run = tokens::TABLES.to_vec();
    run.sort_unstable();
    assert_eq!(tables(), run);
}

#[test]
fn every_table_has_cases_with_names_of_their_own_and_codes_of_the_contract() {
    let mut total = 0;
    for name in tokens::TABLES {
        let table = Table::read(name);
        let cases = table.cases();
        println!("{name}: {} cases ({})", cases.len(), table.attacks);
        assert!(!cases.is_empty() && !table.attacks.is_empty(), "{name} attacks nothing");
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "{name} has a name twice");
        for case in &cases {
            for code in [&case.expect.credentials, &case.expect.authorizer] {
                assert!(status_of(code).is_some(), "{name}, {}: `{code}` is no code of the contract", case.name);
            }
        }
        total += cases.len();
    }
    println!("{total} cases in all");
    assert!(total >= 500, "only {total} cases are left");
}
