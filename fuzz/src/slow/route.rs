/// Whether a request is for the route of a row, `METHOD /path`: a segment `*` is one segment, a last `**` one or more, and
/// `/**` also `/` itself.
pub(crate) fn matches(route: &str, method: &str, path: &str) -> bool {
    let Some((own_method, own_path)) = route.split_once(' ') else {
        return route == "$connect" && method == "$connect";
    };
    let right_method = own_method == method || (own_method == "*" && method != "$connect");
    right_method && path.starts_with('/') && (own_path == "/**" || same(&segments(own_path), &segments(path)))
}

/// Whether a row that closes the route closes the request: with any number of slashes at its end, and, because with
/// percent-encoding every letter has a second spelling, with any `%` in it.
#[cfg(feature = "functions")]
pub(crate) fn closes(route: &str, method: &str, path: &str) -> bool {
    path.contains('%') || matches(route, method, path) || matches(route, method, path.trim_end_matches('/'))
}

/// Whether every server reads the path as the same.
#[cfg(feature = "functions")]
pub(crate) fn has_one_reading(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let dots = path.split('/').skip(1).any(|segment| segment == "." || segment == "..");
    let encoded = ["%2e", "%2f", "%5c"].iter().any(|spelling| lower.contains(spelling));
    !dots && !encoded && !path.contains("//") && !path.contains('\\')
}

fn same(own: &[&str], presented: &[&str]) -> bool {
    match (own, presented) {
        ([], []) => true,
        (["**"], [_, ..]) => true,
        (["*", own @ ..], [first, presented @ ..]) => !first.is_empty() && same(own, presented),
        ([first, own @ ..], [second, presented @ ..]) => first == second && same(own, presented),
        _ => false,
    }
}

/// What is between the slashes; `/` has nothing.
fn segments(path: &str) -> Vec<&str> {
    match path.strip_prefix('/') {
        None | Some("") => Vec::new(),
        Some(rest) => rest.split('/').collect(),
    }
}
