//! Which routes open more than others.

use brevet_policy::{HttpMethod, HttpRoute, RoutePattern, Segment};

/// Whether each of `narrow` is within one of `wide`. Routes that only several others cover together do not count.
pub(crate) fn routes_cover(wide: &[RoutePattern], narrow: &[RoutePattern]) -> bool {
    narrow.iter().all(|narrow| wide.iter().any(|wide| covers(wide, narrow)))
}

fn covers(wide: &RoutePattern, narrow: &RoutePattern) -> bool {
    match (wide, narrow) {
        (RoutePattern::Connect, RoutePattern::Connect) => true,
        (RoutePattern::Http(wide), RoutePattern::Http(narrow)) => http_covers(wide, narrow),
        (RoutePattern::Connect, RoutePattern::Http(_)) | (RoutePattern::Http(_), RoutePattern::Connect) => false,
    }
}

fn http_covers(wide: &HttpRoute, narrow: &HttpRoute) -> bool {
    let method = wide.method() == HttpMethod::Any || wide.method() == narrow.method();
    // `/**` alone stands for `/` as well.
    method && (wide.segments() == [Segment::Rest] || segments_cover(wide.segments(), narrow.segments()))
}

fn segments_cover(wide: &[Segment], narrow: &[Segment]) -> bool {
    match (wide.split_first(), narrow.split_first()) {
        (None, None) => true,
        (Some((Segment::Rest, _)), Some(_)) => narrow != [Segment::Rest] || wide == [Segment::Rest],
        (Some((Segment::One, wide)), Some((Segment::One | Segment::Literal(_), narrow))) => {
            segments_cover(wide, narrow)
        }
        (Some((Segment::Literal(own), wide)), Some((Segment::Literal(other), narrow))) => {
            own == other && segments_cover(wide, narrow)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(texts: &[&str]) -> Vec<RoutePattern> {
        texts.iter().map(|text| RoutePattern::parse(text).unwrap()).collect()
    }

    #[test]
    fn covers_no_route_that_has_a_request_of_its_own() {
        for (wide, narrow) in [
            ("GET /a", "* /a"),
            ("GET /a", "POST /a"),
            ("* /**", "$connect"),
            ("$connect", "GET /"),
            ("GET /*", "GET /**"),
            ("GET /*/**", "GET /**"),
            ("GET /a/*", "GET /a"),
            ("GET /a/**", "GET /a"),
            ("GET /a/*", "GET /a/**"),
            ("GET /a/b", "GET /a/*"),
            ("GET /a/b", "GET /a/B"),
        ] {
            assert!(!routes_cover(&routes(&[wide]), &routes(&[narrow])), "{wide} {narrow}");
        }
    }

    #[test]
    fn covers_each_route_that_lies_within_another() {
        for (wide, narrow) in [
            (vec!["$connect"], vec!["$connect"]),
            (vec!["* /**"], vec!["GET /", "POST /a/*/b", "GET /**"]),
            (vec!["GET /a/**"], vec!["GET /a/*", "GET /a/b/c", "GET /a/**", "GET /a/*/**"]),
            (vec!["GET /*", "POST /*"], vec!["POST /x", "GET /*"]),
        ] {
            assert!(routes_cover(&routes(&wide), &routes(&narrow)), "{wide:?} {narrow:?}");
        }
    }
}
