use proptest::prelude::*;

use super::*;

fn matches(pattern: &str, value: &str) -> bool {
    Pattern::parse(pattern).unwrap().matches(value)
}

#[test]
fn refuses_empty_patterns_three_stars_and_texts_longer_than_any_claim() {
    assert_eq!(Pattern::parse(""), Err(PatternFault::Empty));
    for text in ["***", "a***", "****", "a/***/b", "**a***"] {
        assert_eq!(Pattern::parse(text), Err(PatternFault::ManyStars), "{text}");
    }
    assert_eq!(Pattern::parse(&"a".repeat(2_049)), Err(PatternFault::TooLong));
    assert!(Pattern::parse(&"a".repeat(2_048)).is_ok());
}

#[test]
fn does_not_match_what_only_looks_alike() {
    let cases = [
        ("main", "Main"),
        ("main", "main2"),
        ("main", "xmain"),
        ("main", ""),
        ("main", "main\n"),
        ("main", "\nmain"),
        ("release/*", "release"),
        ("release/*", "release/1/2"),
        ("release/*", "releases/1"),
        ("release/*", "xrelease/1"),
        ("*", "a/b"),
        ("*/b", "a/a/b"),
        ("v*", "refs/v1"),
        ("v*.*", "v1"),
        ("**/prod", "prod"),
        ("a/**/b", "a/b"),
        ("a**b", "a/c"),
        ("v1.2", "v1x2"),
        ("[a-z]", "b"),
        ("a|b", "a"),
        ("a?c", "abc"),
        ("(main)", "main"),
        ("^main$", "main"),
        ("\\*", "*x"),
        ("a*", "b"),
        ("*a", "ab"),
        ("é*", "e"),
        ("*/", "/x"),
    ];
    for (pattern, value) in cases {
        assert!(!matches(pattern, value), "{pattern:?} {value:?}");
    }
}

#[test]
fn matches_within_a_segment_with_one_star_and_across_segments_with_two() {
    let cases = [
        ("main", "main"),
        ("release/*", "release/1.2"),
        ("release/*", "release/"),
        ("*", ""),
        ("*", "main"),
        ("**", ""),
        ("**", "a/b/c"),
        ("a/*/c", "a/b/c"),
        ("a/*/c", "a//c"),
        ("a/**/c", "a/b/x/c"),
        ("**/prod", "eu/west/prod"),
        ("**/prod", "/prod"),
        ("v*.*", "v1.2"),
        ("v*.*", "v1.2.3"),
        ("*-*-*", "a-b-c-d"),
        ("a**", "a"),
        ("a**z", "a/b/z"),
        ("**a*b", "x/y/acb"),
        ("*\n*", "a\nb"),
        ("line\nbreak", "line\nbreak"),
        ("*é", "caf\u{e9}"),
        ("production/*", "production/eu-west-1"),
        ("**x**", "a/x/b"),
    ];
    for (pattern, value) in cases {
        assert!(matches(pattern, value), "{pattern:?} {value:?}");
    }
}

#[test]
fn takes_no_longer_for_a_pattern_made_to_backtrack() {
    let pattern = format!("{}b", "*a".repeat(200));
    let value = "a".repeat(8_000);
    let before = std::time::Instant::now();
    assert!(!matches(&pattern, &value));
    assert!(!matches(&pattern.replace('*', "**"), &value));
    assert!(before.elapsed().as_secs() < 10, "{:?}", before.elapsed());
}

/// What a pattern means, in the plainest way: by trying everything.
fn by_definition(pattern: &[u8], value: &[u8]) -> bool {
    match pattern {
        [] => value.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=value.len()).any(|taken| by_definition(rest, &value[taken..])),
        [b'*', rest @ ..] => (0..=value.len())
            .take_while(|taken| !value[..*taken].contains(&b'/'))
            .any(|taken| by_definition(rest, &value[taken..])),
        [byte, rest @ ..] => value.first() == Some(byte) && by_definition(rest, &value[1..]),
    }
}

proptest! {
    #[test]
    fn means_what_its_definition_says(pattern in "[ab/*]{1,8}", value in "[ab/]{0,8}") {
        prop_assume!(!pattern.contains("***"));
        prop_assert_eq!(matches(&pattern, &value), by_definition(pattern.as_bytes(), value.as_bytes()), "{} {}", pattern, value);
    }

    #[test]
    fn without_a_star_matches_nothing_but_itself(pattern in "[^*]{1,20}", value in ".{0,20}") {
        prop_assert_eq!(matches(&pattern, &value), pattern == value);
        prop_assert!(matches(&pattern, &pattern));
    }

    #[test]
    fn never_leaves_its_literal_beginning(beginning in "[a-z/]{1,10}", tail in "[a-z/*]{0,6}", value in "[a-z/]{0,20}") {
        let Ok(pattern) = Pattern::parse(&format!("{beginning}*{tail}")) else { return Ok(()) };
        prop_assert!(!pattern.matches(&value) || value.starts_with(&beginning));
    }

    #[test]
    fn any_text_without_a_star_matches_itself_alone(text in "\\PC{1,30}", value in "\\PC{0,30}") {
        if let Ok(pattern) = Pattern::parse(&text) {
            let matched = pattern.matches(&value);
            prop_assert!(text.contains('*') || matched == (text == value));
        }
    }
}
