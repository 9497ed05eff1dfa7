use std::path::Path;

use super::*;
use crate::figures::MadeWith;
use crate::operation::ALL;

const COST: Cost = Cost { own: 1_000, cryptography: 2_000, libc: 500, allocations: 20 };

fn figures(operations: &[(&str, Cost)]) -> Figures {
    let [rustc, valgrind, processor, lock] = ["1.95.0", "3.19.0", "x86_64", "abc"].map(str::to_owned);
    Figures {
        made_with: MadeWith { rustc, valgrind, processor, lock },
        operations: operations.iter().map(|(name, cost)| ((*name).to_owned(), *cost)).collect(),
    }
}

fn compared_with(found: Cost) -> Comparison {
    Comparison::new(&figures(&[("decide", COST)]), &figures(&[("decide", found)]))
}

#[test]
fn fails_where_a_judged_figure_has_grown_by_a_tenth() {
    for grown in [
        Cost { own: 1_100, ..COST },
        Cost { cryptography: 2_200, ..COST },
        Cost { allocations: 22, ..COST },
        Cost { own: 1_100, cryptography: 1, allocations: 1, ..COST },
    ] {
        assert!(!compared_with(grown).passed(), "{grown:?}");
    }
}

#[test]
fn fails_where_something_came_from_nothing() {
    let without_cryptography = Cost { cryptography: 0, ..COST };
    let committed = figures(&[("decide", without_cryptography)]);
    assert!(!Comparison::new(&committed, &figures(&[("decide", COST)])).passed());
    assert!(Comparison::new(&committed, &figures(&[("decide", without_cryptography)])).passed());
}

#[test]
fn fails_for_an_operation_without_a_figure_and_a_figure_without_an_operation() {
    let (one, two) = (figures(&[("decide", COST)]), figures(&[("decide", COST), ("survey", COST)]));
    assert!(!Comparison::new(&one, &two).passed());
    assert!(!Comparison::new(&two, &one).passed());
}

#[test]
fn passes_what_has_grown_by_less_and_does_not_judge_the_c_library() {
    for found in [COST, Cost { own: 1_099, cryptography: 2_199, allocations: 21, ..COST }, Cost { libc: 5_000, ..COST }]
    {
        let comparison = compared_with(found);
        assert!(comparison.passed() && !comparison.has_gained(), "{found:?}");
    }
}

#[test]
fn tells_of_what_has_shrunk_by_a_tenth() {
    for (own, gained) in [(901, false), (900, true), (0, true)] {
        let comparison = compared_with(Cost { own, ..COST });
        assert_eq!((comparison.passed(), comparison.has_gained()), (true, gained), "{own}");
    }
}

#[test]
fn names_what_the_figures_were_made_with() {
    let committed = figures(&[("decide", COST)]);
    let mut found = figures(&[("decide", COST)]);
    assert_eq!(Comparison::new(&committed, &found).differences, [""; 0]);
    found.made_with.rustc = "1.96.0".to_owned();
    assert_eq!(Comparison::new(&committed, &found).differences, ["rustc was 1.95.0 and is 1.96.0"]);
}

#[test]
fn every_operation_has_a_committed_figure_and_every_figure_an_operation() {
    let committed = Figures::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/figures.json"))).unwrap();
    let operations: BTreeSet<&str> = ALL.iter().map(|operation| operation.name).collect();
    assert_eq!(committed.operations.keys().map(String::as_str).collect::<BTreeSet<_>>(), operations);
    assert_eq!(operations.len(), ALL.len());
}
