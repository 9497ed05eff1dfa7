//! Routes against a second reading of them.

use proptest::prelude::*;
use proptest::sample::select;

use super::route;
use crate::route::RoutePattern;

/// What a route means, in the plainest way: a path is its segments, and `**` is whatever is left of them, but not nothing.
fn by_definition(route: &[&str], path: &[&str]) -> bool {
    match (route, path) {
        ([], []) => true,
        (["**"], [_, ..]) => true,
        (["*", route @ ..], [segment, path @ ..]) => !segment.is_empty() && by_definition(route, path),
        ([own, route @ ..], [segment, path @ ..]) => own == segment && by_definition(route, path),
        _ => false,
    }
}

fn segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap();
    if path.is_empty() { Vec::new() } else { path.split('/').collect() }
}

fn any_route() -> impl Strategy<Value = String> {
    let segments = prop::collection::vec(select(vec!["a", "b", "A", "ab", "*"]), 0..4);
    (segments, any::<bool>()).prop_map(|(mut segments, open)| {
        segments.extend(open.then_some("**"));
        format!("/{}", segments.join("/"))
    })
}

fn any_path() -> impl Strategy<Value = String> {
    let segments = prop::collection::vec(select(vec!["a", "b", "A", "ab", "aa", "", "*", "**"]), 0..5);
    segments.prop_map(|segments| format!("/{}", segments.join("/")))
}

proptest! {
    #[test]
    fn mean_what_their_definition_says(pattern in any_route(), path in any_path()) {
        let expected = pattern == "/**" || by_definition(&segments(&pattern), &segments(&path));
        let (get, any) = (route(&format!("GET {pattern}")), route(&format!("* {pattern}")));
        prop_assert_eq!((get.matches("GET", &path), any.matches("POST", &path)), (expected, expected));
        prop_assert!(!get.matches("POST", &path) && !any.matches("$connect", &path));
    }

    #[test]
    fn never_leave_their_literal_beginning(pattern in any_route(), path in any_path()) {
        let literal = &pattern[..pattern.find('*').unwrap_or(pattern.len())];
        let matches = route(&format!("GET {pattern}")).matches("GET", &path);
        prop_assert!(!matches || path.starts_with(literal));
    }

    #[test]
    fn close_at_least_what_they_match(pattern in any_route(), path in any_path()) {
        let route = route(&format!("GET {pattern}"));
        prop_assert!(route.closes("GET", &path) || !route.matches("GET", &path));
    }

    #[test]
    fn are_printed_as_they_are_read(text in "[A-Z*]{1,5} /[a-b/*.%-]{0,8}") {
        if let Ok(route) = RoutePattern::parse(&text) {
            prop_assert_eq!(route.to_string(), text);
        }
    }
}
