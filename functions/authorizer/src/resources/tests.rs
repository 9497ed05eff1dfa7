mod properties;

use brevet_identity::Principal;
use brevet_policy::ApiName;
use serde_json::json;

use super::*;

fn arn(request: &str) -> MethodArn {
    let request = request.replacen(" /", "/", 1);
    MethodArn::parse(&format!("arn:aws:execute-api:eu-west-1:111122223333:api/v1/{request}")).unwrap()
}

/// What a job may call whose rows open and close these routes.
fn entitled(open: &[&str], closed: &[&str]) -> RouteEntitlement {
    let principal = Principal::from_unverified_claims(CLAIMS.as_bytes()).unwrap();
    let row = |effect: &str, scope: &str, routes: &[&str]| {
        let row = json!({
            "scope": scope, "name": "api.users", "effect": effect, "routes": routes, "allow_unprotected": true,
        });
        brevet_policy::read(row.as_object().unwrap())
    };
    let mut readings = vec![row("allow", "gitlab.example.com/project/4711", open)];
    if !closed.is_empty() {
        readings.push(row("deny", "gitlab.example.com", closed));
    }
    assert!(readings.iter().all(|reading| reading.invalid().is_none()), "{readings:?}");
    brevet_policy::entitlement(&principal, &readings, &ApiName::parse("users").unwrap(), 1_790_000_000)
}

const CLAIMS: &str = r#"{"iss":"https://gitlab.example.com","jti":"j","iat":1790000000,"exp":1790003600,"project_id":"4711",
 "project_path":"n/p","namespace_id":"812","namespace_path":"n","pipeline_id":"1","job_id":"2","ref":"main",
 "ref_type":"branch","ref_path":"refs/heads/main","ref_protected":"true"}"#;

fn allows(resources: &Resources, request: &str) -> bool {
    resources.permit(&arn(request))
}

fn permits(entitlement: &RouteEntitlement, request: &str) -> bool {
    let request = arn(request);
    entitlement.permits(request.method(), request.path())
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

/// Two routes that differ in their last segment only: where every way of sharing out the segments is tried, there are
/// 2^41 of them.
#[test]
fn routes_of_many_wildcards_are_compared_in_no_time() {
    let [one, other] = ["one", "other"].map(|end| format!("GET /{}{end}", "*/".repeat(40)));
    let entitlement = entitled(&[&one, &other], &[]);
    let resources = Resources::of(&arn("GET /elsewhere"), &entitlement);
    assert_eq!(
        resources,
        Resources::default(),
        "what their wildcards give too much takes more than a policy has room for"
    );
}

#[test]
fn says_exactly_what_the_routes_say_for_every_later_request() {
    let sets: [&[&str]; 11] = [
        &["GET /users/1"],
        &["GET /users/*"],
        &["* /users/*"],
        &["GET /users/**"],
        &["GET /users/*/public"],
        &["GET /users/*/**"],
        &["GET /"],
        &["GET /*"],
        &["$connect"],
        &["GET /users/*", "GET /users/me"],
        &["GET /users/*", "POST /users/**", "GET /a/**"],
    ];
    for set in sets {
        let entitlement = entitled(set, &[]);
        let resources = Resources::of(&arn("GET /elsewhere"), &entitlement);
        assert!(resources.say_all, "{set:?}");
        for request in REQUESTS {
            assert_eq!(allows(&resources, request), permits(&entitlement, request), "{set:?} {request}");
        }
    }
}

#[test]
fn never_opens_more_than_the_routes_where_a_policy_cannot_say_them() {
    let entitlement = entitled(&["GET /users/*", "GET /users/*/public", "GET /users/*/b/**"], &[]);
    for now in REQUESTS {
        let resources = Resources::of(&arn(now), &entitlement);
        assert!(!resources.say_all);
        for request in REQUESTS {
            assert!(permits(&entitlement, request) || !allows(&resources, request), "{now} opened {request}");
        }
        assert_eq!(allows(&resources, now), permits(&entitlement, now), "the request itself: {now}");
    }
}

#[test]
fn opens_the_request_beside_what_else_the_policy_can_say() {
    let entitlement = entitled(&["GET /users/*", "GET /users/*/public", "GET /a/**"], &[]);
    let resources = Resources::of(&arn("GET /users/1/public"), &entitlement);
    assert!(allows(&resources, "GET /users/1/public") && allows(&resources, "GET /a/b/c"), "{resources:?}");
    assert!(!resources.say_all);
}

#[test]
fn opens_a_path_in_which_a_literal_of_the_route_repeats_to_who_calls_it() {
    let entitlement = entitled(&["GET /users/*/b/**"], &[]);
    let (twice, once) = ("GET /users/1/b/b/2", "GET /users/1/b/2");
    let resources = Resources::of(&arn(twice), &entitlement);
    assert!(allows(&resources, twice) && !resources.say_all, "{resources:?}");
    let resources = Resources::of(&arn(once), &entitlement);
    assert!(allows(&resources, once) && !allows(&resources, twice), "{resources:?}");
}

#[test]
fn a_closed_segment_leaves_what_is_below_it_to_who_calls_it() {
    let entitlement = entitled(&["GET /**"], &["GET /users/*"]);
    for (request, permitted) in [("GET /users/1", false), ("GET /users/1/secrets", true), ("GET /a/b", true)] {
        let resources = Resources::of(&arn(request), &entitlement);
        assert_eq!((allows(&resources, request), resources.say_all), (permitted, false), "{request}");
        assert!(!allows(&resources, "GET /users/1"), "{request}");
    }
}

#[test]
fn closes_what_deny_rows_close_in_every_spelling() {
    let entitlement = entitled(&["GET /**"], &["GET /users/1", "* /a/**"]);
    let resources = Resources::of(&arn("GET /users/1"), &entitlement);
    let closed = [
        "GET /users/1",
        "GET /users/1/",
        "GET /a/b/c",
        "GET //a/b",
        "GET /x//a/b",
        "GET /%61/b",
        "GET /./a/b",
        "GET /x/../a/b",
        "GET /a%2fb",
    ];
    for request in closed {
        assert!(!allows(&resources, request), "{request}");
        assert!(!permits(&entitlement, request), "{request}");
    }
    for request in ["GET /users/2", "GET /", "GET /b/c"] {
        assert!(allows(&resources, request) && permits(&entitlement, request), "{request}");
    }
}

#[test]
fn opens_one_segment_and_nothing_that_a_backend_may_take_for_more() {
    let entitlement = entitled(&["GET /files/*"], &[]);
    let resources = Resources::of(&arn("GET /elsewhere"), &entitlement);
    for request in
        ["GET /files/a%2Fsecret", "GET /files/a%2fsecret", "GET /files/..", "GET /files/%2e%2e", "GET /files/a%5Cb"]
    {
        assert!(!allows(&resources, request) && !permits(&entitlement, request), "{request}");
    }
}

#[test]
fn a_route_that_is_written_in_a_refused_spelling_opens_nothing() {
    let entitlement = entitled(&["GET /a%2Fb"], &[]);
    let resources = Resources::of(&arn("GET /a%2Fb"), &entitlement);
    assert!(!allows(&resources, "GET /a%2Fb") && !permits(&entitlement, "GET /a%2Fb"));
}

#[test]
fn opens_nothing_when_the_routes_do_not_fit_into_an_answer() {
    let many: Vec<String> = (0..300).map(|index| format!("GET /reports/of/the/year/{index}/**")).collect();
    let entitlement = entitled(&many.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let resources = Resources::of(&arn("GET /reports/of/the/year/7/x"), &entitlement);
    assert!(!resources.say_all);
    assert_eq!(resources.allow, Vec::<String>::new());
}

#[test]
fn opens_nothing_without_routes() {
    let entitlement = entitled(&["GET /users"], &["* /**"]);
    assert!(!allows(&Resources::of(&arn("GET /users"), &entitlement), "GET /users"));
}
