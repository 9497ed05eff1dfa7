//! Paths that a server behind the gateway may read as another path than the rows do.

use serde_json::json;

use super::*;
use crate::name::ApiName;
use crate::test_support::api_row;

fn entitled(open: &[&str], closed: &[&str]) -> RouteEntitlement {
    let mut rows = vec![api_row(json!({"routes": open}))];
    if !closed.is_empty() {
        rows.push(api_row(json!({"scope": "gitlab.example.com", "effect": "deny", "routes": closed})));
    }
    entitlement(&principal(), &readings(&rows), &ApiName::parse("reports").unwrap(), NOW)
}

#[test]
fn refuses_another_spelling_of_a_closed_route() {
    let entitlement = entitled(&["GET /**"], &["GET /admin/**", "GET /users/1", "GET /files/*"]);
    let cases = [
        ("the route itself", "/admin/x"),
        ("an empty segment first", "//admin/x"),
        ("an empty segment within", "/admin//x"),
        ("an encoded letter", "/%61dmin/x"),
        ("a dot segment", "/./admin/x"),
        ("a way out of another route", "/x/../admin/y"),
        ("a way out at the end", "/admin/x/.."),
        ("a trailing slash of a name", "/users/1/"),
        ("two trailing slashes", "/users/1//"),
        ("a trailing slash of a wildcard", "/files/a/"),
    ];
    for (name, path) in cases {
        assert!(!entitlement.permits("GET", path), "{name}: {path}");
    }
    for path in ["/", "/admin", "/administration/x", "/users", "/users/2/", "/users/1/x", "/files/a/b", "/x.y/.z/w.."] {
        assert!(entitlement.permits("GET", path), "{path}");
    }
}

#[test]
fn refuses_a_path_that_leaves_its_route_when_it_is_decoded_or_resolved() {
    let entitlement = entitled(&["GET /files/*", "GET /docs/**"], &[]);
    let cases = [
        ("an encoded slash", "/files/a%2Fsecret"),
        ("an encoded slash in small letters", "/files/a%2fsecret"),
        ("an encoded backslash", "/files/a%5Csecret"),
        ("an encoded backslash in small letters", "/files/a%5csecret"),
        ("encoded dots", "/files/%2E%2E"),
        ("encoded dots in small letters", "/files/%2e."),
        ("a backslash", "/files/a\\secret"),
        ("dots", "/files/.."),
        ("a dot", "/files/."),
        ("dots within", "/docs/../secret"),
        ("a dot within", "/docs/./x"),
        ("an empty segment", "/docs//x"),
        ("an empty segment at the end", "/docs/x//"),
    ];
    for (name, path) in cases {
        assert!(!entitlement.permits("GET", path), "{name}: {path}");
    }
    for path in ["/files/a%20b", "/files/...", "/files/.a", "/docs/", "/docs/a/"] {
        assert!(entitlement.permits("GET", path), "{path}");
    }
}

#[test]
fn opens_a_websocket_whatever_is_closed() {
    assert!(entitled(&["$connect"], &["GET /admin/**"]).permits("$connect", "/"));
}
