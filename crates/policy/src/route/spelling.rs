//! Paths that two servers may take for two different routes, because one of them decodes or resolves what the other
//! takes as it is. None of them is ever permitted.

/// What no permitted path has anywhere in it: an empty segment, a dot segment, or an encoded `/`, `\` or `.`.
///
/// Texts and not a rule, so that an IAM policy can say the same: each as a denied resource `*<text>*`.
pub const REFUSED_IN_PATHS: [&str; 9] = ["//", "/./", "/../", "%2f", "%2F", "%5c", "%5C", "%2e", "%2E"];

/// What no permitted path ends in; in an IAM policy, a denied resource `*<text>`.
pub const REFUSED_AT_THE_END_OF_PATHS: [&str; 2] = ["/.", "/.."];

pub(crate) fn has_one_reading(path: &str) -> bool {
    !REFUSED_IN_PATHS.iter().any(|text| path.contains(text))
        && !REFUSED_AT_THE_END_OF_PATHS.iter().any(|text| path.ends_with(text))
}
