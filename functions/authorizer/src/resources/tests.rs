use super::*;

fn arn(request: &str) -> MethodArn {
    let request = request.replacen(" /", "/", 1);
    MethodArn::parse(&format!("arn:aws:execute-api:eu-west-1:111122223333:api/v1/{request}")).unwrap()
}

fn routes(texts: &[&str]) -> Vec<RoutePattern> {
    texts.iter().map(|text| RoutePattern::parse(text).unwrap()).collect()
}

/// As IAM reads a resource: `*` matches anything, `/` included.
fn iam_matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((literal, rest)) => text
            .strip_prefix(literal)
            .is_some_and(|tail| (0..=tail.len()).any(|skipped| iam_matches(rest, &tail[skipped..]))),
    }
}

fn allows(resources: &Resources, request: &str) -> bool {
    let request = arn(request).to_string();
    let among = |list: &[String]| list.iter().any(|pattern| iam_matches(pattern, &request));
    among(&resources.allow) && !among(&resources.deny)
}

const REQUESTS: [&str; 16] = [
    "GET /",
    "GET /users",
    "GET /users/",
    "GET /users/1",
    "GET /users/1/",
    "GET /users/1/secrets",
    "GET /users/1/public",
    "GET /users/1/2/public",
    "GET /users//public",
    "GET /usersX/1",
    "POST /users/1",
    "DELETE /users/1",
    "GET /a/b/c",
    "GET /x/users/1",
    "$connect",
    "GET /users/b/b/z",
];

#[test]
fn says_exactly_what_the_routes_say_for_every_later_request() {
    let sets: [&[&str]; 9] = [
        &["GET /users/1"],
        &["GET /users/*"],
        &["* /users/*"],
        &["GET /users/**"],
        &["GET /users/*/public"],
        &["GET /"],
        &["GET /*"],
        &["$connect"],
        &["GET /users/*", "POST /users/**", "GET /a/**"],
    ];
    for set in sets {
        let open = routes(set);
        let resources = Resources::of(&arn("GET /elsewhere"), &open, &[]);
        for request in REQUESTS {
            let wanted = arn(request);
            let expected = open.iter().any(|route| route.matches(wanted.method(), wanted.path()));
            // A path that ends in a slash or has an empty segment is no route of a row.
            assert_eq!(allows(&resources, request), expected, "{set:?} {request}");
        }
    }
}

#[test]
fn never_opens_more_than_the_routes_where_a_policy_cannot_say_them() {
    let open = routes(&["GET /users/*", "GET /users/*/public", "GET /users/*/b/**"]);
    for now in REQUESTS {
        let resources = Resources::of(&arn(now), &open, &[]);
        for request in REQUESTS {
            let wanted = arn(request);
            let expected = open.iter().any(|route| route.matches(wanted.method(), wanted.path()));
            assert!(expected || !allows(&resources, request), "{now} opened {request}");
        }
        let wanted = arn(now);
        let expected = open.iter().any(|route| route.matches(wanted.method(), wanted.path()));
        assert_eq!(allows(&resources, now), expected, "the request itself: {now}");
    }
}

#[test]
fn closes_what_deny_rows_close() {
    let resources = Resources::of(&arn("GET /users/1"), &routes(&["GET /**"]), &routes(&["GET /users/1", "* /a/**"]));
    for (request, expected) in [("GET /users/1", false), ("GET /users/2", true), ("GET /a/b/c", false), ("GET /", true)]
    {
        assert_eq!(allows(&resources, request), expected, "{request}");
    }
}

#[test]
fn opens_nothing_without_routes() {
    assert_eq!(Resources::of(&arn("GET /users"), &[], &[]), Resources::default());
}
