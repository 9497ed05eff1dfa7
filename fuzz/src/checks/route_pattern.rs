use brevet_policy::RoutePattern;

use crate::slow;

/// A route and, on the lines below it, requests as `METHOD /path`: it matches what the slow matcher says, and is written
/// as it was read.
pub fn route_pattern(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((text, requests)) = text.split_once('\n') else { return };
    let Ok(route) = RoutePattern::parse(text) else { return };
    assert_eq!(RoutePattern::parse(&route.to_string()), Ok(route.clone()), "{text:?} is not read as it is written");
    assert!(!text.contains(['?', '#', '\\', '"', '{', '\u{0}']), "{text:?} is no path");
    for request in requests.split('\n') {
        let Some((method, path)) = request.split_once(' ') else { continue };
        let expected = slow::route::matches(text, method, path);
        assert_eq!(route.matches(method, path), expected, "{text:?} against {request:?}");
    }
}
