mod properties;

use super::*;

fn route(text: &str) -> RoutePattern {
    RoutePattern::parse(text).unwrap()
}

#[test]
fn refuses_what_is_not_a_route() {
    let cases = [
        ("", RouteFault::Shape),
        ("GET", RouteFault::Shape),
        ("/reports", RouteFault::Shape),
        ("GET reports", RouteFault::Shape),
        ("GET  /reports", RouteFault::Shape),
        ("$disconnect", RouteFault::Shape),
        ("$default", RouteFault::Shape),
        ("get /reports", RouteFault::Method),
        ("GTE /reports", RouteFault::Method),
        ("CONNECT /", RouteFault::Method),
        ("** /reports", RouteFault::Method),
        ("GET,POST /x", RouteFault::Method),
        ("$connect /x", RouteFault::Method),
        ("GET /reports/", RouteFault::Segment),
        ("GET //reports", RouteFault::Segment),
        ("GET /a//b", RouteFault::Segment),
        ("GET /rep*", RouteFault::Segment),
        ("GET /a/**/b", RouteFault::Segment),
        ("GET /**/**", RouteFault::Segment),
        ("GET /***", RouteFault::Segment),
        ("GET /a?b=c", RouteFault::Segment),
        ("GET /a b", RouteFault::Segment),
        ("GET /{id}", RouteFault::Segment),
        ("GET /../x", RouteFault::Segment),
        ("GET /./x", RouteFault::Segment),
        ("GET /a#b", RouteFault::Segment),
        ("GET /é", RouteFault::Segment),
        ("GET /a\n", RouteFault::Segment),
    ];
    for (text, fault) in cases {
        assert_eq!(RoutePattern::parse(text), Err(fault), "{text:?}");
    }
}

#[test]
fn does_not_match_other_routes() {
    let cases = [
        ("GET /reports", "POST", "/reports"),
        ("GET /reports", "get", "/reports"),
        ("GET /reports", "GET", "/Reports"),
        ("GET /reports", "GET", "/reports/"),
        ("GET /reports", "GET", "/reports/1"),
        ("GET /reports", "GET", "reports"),
        ("GET /reports/*", "GET", "/reports"),
        ("GET /reports/*", "GET", "/reports/"),
        ("GET /reports/*", "GET", "/reports/1/2"),
        ("GET /reports/**", "GET", "/reports"),
        ("GET /reports/**", "GET", "/reports2/x"),
        ("GET /", "GET", "/x"),
        ("GET /*", "GET", "/"),
        ("GET /*/edit", "GET", "//edit"),
        ("$connect", "GET", "/"),
        ("* /**", "$connect", "/"),
        ("GET /reports", "GET", ""),
    ];
    for (pattern, method, path) in cases {
        assert!(!route(pattern).matches(method, path), "{pattern} {method} {path}");
    }
}

#[test]
fn matches_one_segment_with_a_star_and_the_rest_with_two() {
    let cases = [
        ("GET /reports", "GET", "/reports"),
        ("* /reports", "DELETE", "/reports"),
        ("GET /reports/*", "GET", "/reports/1"),
        ("GET /*/edit", "GET", "/7/edit"),
        ("GET /reports/**", "GET", "/reports/1/2"),
        ("GET /**", "GET", "/"),
        ("* /**", "PUT", "/a/b"),
        ("GET /", "GET", "/"),
        ("$connect", "$connect", ""),
        ("GET /a:b@c/~x", "GET", "/a:b@c/~x"),
        ("GET /a%20b", "GET", "/a%20b"),
        ("GET /reports/**", "GET", "/reports/"),
    ];
    for (pattern, method, path) in cases {
        assert!(route(pattern).matches(method, path), "{pattern} {method} {path}");
    }
}

#[test]
fn prints_what_it_reads() {
    for text in ["$connect", "GET /", "* /**", "POST /a/*/b", "DELETE /a/**", "GET /v1/reports"] {
        assert_eq!(route(text).to_string(), text);
    }
}

#[test]
fn gives_its_parts_to_who_renders_it() {
    let RoutePattern::Http(route) = route("POST /reports/*/**") else { unreachable!() };
    assert_eq!(route.method().as_str(), "POST");
    assert_eq!(route.segments(), [Segment::Literal("reports".to_owned()), Segment::One, Segment::Rest]);
}
