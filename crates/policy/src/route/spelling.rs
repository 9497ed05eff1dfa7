//! Paths that two servers may take for two different routes, because one of them decodes or resolves what the other
//! takes as it is.

/// Paths that are never permitted: those with an empty segment, a dot segment, a `\`, or an encoded `/`, `\` or `.`.
///
/// They are written as IAM writes resources, `*` for any run of characters, so that a policy can deny the very same.
pub const REFUSED_PATHS: [&str; 12] =
    ["*//*", "*/./*", "*/../*", "*/.", "*/..", "*\\*", "*%2e*", "*%2E*", "*%2f*", "*%2F*", "*%5c*", "*%5C*"];

pub(crate) fn has_one_reading(path: &str) -> bool {
    !REFUSED_PATHS.iter().any(|refused| is_among(path, refused))
}

fn is_among(path: &str, refused: &str) -> bool {
    let text = refused.trim_start_matches('*');
    match text.strip_suffix('*') {
        Some(text) => path.contains(text),
        None => path.ends_with(text),
    }
}
