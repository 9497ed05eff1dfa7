//! The policy against the decision, as IAM reads it: two stars of its own, in code of our own.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// IAM's matching by its definition: `*` is any run of characters, `?` is any one.
fn iam_reads(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|taken| iam_reads(rest, &text[taken..])),
        ([b'?', pattern @ ..], [_, text @ ..]) => iam_reads(pattern, text),
        ([own, pattern @ ..], [byte, text @ ..]) => own == byte && iam_reads(pattern, text),
        (pattern, text) => pattern.is_empty() && text.is_empty(),
    }
}

/// A deny wins over an allow, and nothing is allowed that no statement allows.
fn iam_permits(resources: &Resources, request: &str) -> bool {
    let request = arn(request).to_string();
    let among = |list: &[String]| list.iter().any(|resource| iam_reads(resource.as_bytes(), request.as_bytes()));
    among(&resources.allow) && !among(&resources.deny)
}

fn any_route() -> impl Strategy<Value = String> {
    let segment = prop_oneof![2 => select(vec!["a", "b"]), 1 => Just("*")];
    let http =
        (select(vec!["GET", "GET", "POST", "*"]), prop::collection::vec(segment, 0..4), prop::bool::weighted(0.3));
    let http = http.prop_map(|(method, mut segments, open)| {
        segments.extend(open.then_some("**"));
        format!("{method} /{}", segments.join("/"))
    });
    prop_oneof![12 => http, 1 => Just("$connect".to_owned())]
}

fn any_request() -> impl Strategy<Value = String> {
    let odd = select(vec!["", "%61", "a%2Fb", ".", "..", "a\\b", "*", "?", "${a}", "aa"]);
    let segment = prop_oneof![6 => select(vec!["a", "b"]), 1 => Just("c"), 1 => odd];
    let http = (select(vec!["GET", "POST", "DELETE"]), prop::collection::vec(segment, 0..6));
    prop_oneof![
        12 => http.prop_map(|(method, segments)| format!("{method} /{}", segments.join("/"))),
        1 => Just("$connect".to_owned()),
    ]
}

/// Whether the wildcard of a route like `/*/a/**` gives more than the route says on paths in which `a` comes twice, so
/// that those stay closed to whoever uses a cached answer.
fn repeats_a_literal(open: &[String], request: &str) -> bool {
    let is_such = |route: &String| {
        let behind = route.split_once("/*/").map(|(_, behind)| behind);
        behind.is_some_and(|behind| behind.ends_with("**") && behind.contains(['a', 'b']))
    };
    let mut segments: Vec<&str> = request.split('/').skip(1).collect();
    let count = segments.len();
    segments.sort_unstable();
    segments.dedup();
    open.iter().any(is_such) && segments.len() < count
}

fn texts(routes: &[String]) -> Vec<&str> {
    routes.iter().map(String::as_str).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn permits_what_the_decision_permits_and_where_it_cannot_say_so_less(
        open in prop::collection::btree_set(any_route(), 1..4), closed in prop::collection::btree_set(any_route(), 0..2),
        requests in prop::collection::vec(any_request(), 40), now in any::<Index>(),
    ) {
        let (open, closed): (Vec<String>, Vec<String>) = (open.into_iter().collect(), closed.into_iter().collect());
        let entitlement = entitled(&texts(&open), &texts(&closed));
        let now = now.get(&requests);
        let resources = Resources::of(&arn(now), &entitlement);
        for request in &requests {
            let (said, meant) = (iam_permits(&resources, request), permits(&entitlement, request));
            prop_assert!(meant || !said, "{} is opened by an answer to {}: {:?}", request, now, resources);
            let may_say_less = !resources.say_all || repeats_a_literal(&open, request);
            prop_assert!(said == meant || may_say_less, "{} is closed by an answer to {}: {:?}", request, now, resources);
            prop_assert_eq!(resources.permit(&arn(request)), said, "{}", request);
        }
    }

    #[test]
    fn is_right_for_the_request_it_answers(
        open in prop::collection::btree_set(any_route(), 1..4), closed in prop::collection::btree_set(any_route(), 0..2),
        requests in prop::collection::vec(any_request(), 20),
    ) {
        let (open, closed): (Vec<String>, Vec<String>) = (open.into_iter().collect(), closed.into_iter().collect());
        let entitlement = entitled(&texts(&open), &texts(&closed));
        for now in requests.iter().filter(|now| !now.contains(['*', '?', '{'])) {
            let resources = Resources::of(&arn(now), &entitlement);
            if resources.allow.is_empty() && resources.deny.is_empty() {
                continue; // They do not fit into an answer.
            }
            prop_assert_eq!(iam_permits(&resources, now), permits(&entitlement, now), "{}: {:?}", now, resources);
        }
    }
}
