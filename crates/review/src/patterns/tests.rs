use proptest::prelude::*;

use super::*;

fn list(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::parse(text).unwrap()).collect()
}

#[test]
fn covers_nothing_that_the_wider_list_does_not_match() {
    let cases: [(&[&str], &[&str]); 9] = [
        (&["main"], &["main", "release"]),
        (&["main"], &["*"]),
        (&["*"], &["**"]),
        (&["release/*"], &["release/**"]),
        (&["release/*"], &["release*"]),
        (&["a*", "b*"], &["*"]),
        (&["release/*"], &["Release/1"]),
        (&["*/b"], &["a/*"]),
        (&["*-x"], &["*-"]),
    ];
    for (wide, narrow) in cases {
        assert_eq!(covers(&list(wide), &list(narrow)), Some(false), "{wide:?} {narrow:?}");
    }
}

#[test]
fn covers_what_it_matches_however_it_is_spelled() {
    let cases: [(&[&str], &[&str]); 8] = [
        (&["main"], &["main"]),
        (&["*"], &["main", "v*"]),
        (&["**"], &["*", "a/b/**"]),
        (&["release/**"], &["release/*", "release/1/2"]),
        (&["a*", "b*"], &["ab*", "b"]),
        (&["*a*"], &["*a", "a*", "xay"]),
        (&["*/**", "*"], &["**"]),
        (&["release/*", "main"], &["main", "release/1.*"]),
    ];
    for (wide, narrow) in cases {
        assert_eq!(covers(&list(wide), &list(narrow)), Some(true), "{wide:?} {narrow:?}");
    }
}

#[test]
fn gives_up_on_patterns_made_to_be_slow_and_says_so() {
    let (wide, narrow) = ("*a".repeat(300), "*a".repeat(301));
    assert_eq!(covers(&list(&[&wide]), &list(&[&narrow])), None);
    let (one, other) = ("*a".repeat(300) + "*b", "*a".repeat(300) + "*c");
    assert!(overlap(&list(&[&one]), &list(&[&other])), "in doubt they do");
}

#[test]
fn gives_up_on_lists_as_long_as_a_row_can_hold_instead_of_comparing_each_with_each() {
    let patterns = |last: &str| -> Vec<Pattern> {
        (0..30_000).map(|index| Pattern::parse(&format!("*{index:x}{last}")).unwrap()).collect()
    };
    assert_eq!(covers(&patterns("x*"), &patterns("y*")), None);
    assert!(overlap(&patterns("*/x"), &patterns("*/y")), "in doubt they do");
}

#[test]
fn compares_long_lists_of_ids_to_the_last_one() {
    let ids = |range: std::ops::Range<u32>| -> Vec<Pattern> {
        range.map(|id| Pattern::parse(&id.to_string()).unwrap()).collect()
    };
    assert_eq!(covers(&ids(1..3_000), &ids(2..3_000)), Some(true));
    assert_eq!(covers(&ids(2..3_000), &ids(1..3_000)), Some(false));
    assert!(!overlap(&ids(1..3_000), &ids(3_000..6_000)));
}

#[test]
fn overlaps_where_one_value_fits_both() {
    for (one, other, expected) in [
        ("main", "main", true),
        ("main", "dev", false),
        ("a/*", "*/b", true),
        ("a/*", "b/*", false),
        ("*", "a/b", false),
        ("**", "a/b", true),
        ("*a", "*b", false),
        ("refs/heads/*", "refs/tags/**", false),
    ] {
        assert_eq!(overlap(&list(&[one]), &list(&[other])), expected, "{one} {other}");
    }
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "/", "*", "**"]), 1..7)
        .prop_filter_map("stars", |parts| Pattern::parse(&parts.concat()).ok())
}

fn value() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "/", "c"]), 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn never_contradicts_a_single_value(
        wide in prop::collection::vec(pattern(), 1..3), narrow in pattern(), values in prop::collection::vec(value(), 40)
    ) {
        let covered = covers(&wide, std::slice::from_ref(&narrow));
        for value in &values {
            let (by_wide, by_narrow) = (wide.iter().any(|wide| wide.matches(value)), narrow.matches(value));
            prop_assert!(covered != Some(true) || by_wide || !by_narrow, "covers {}", value);
            prop_assert!(overlap(&wide, std::slice::from_ref(&narrow)) || !by_wide || !by_narrow, "overlap {}", value);
        }
    }
}
