/// Whether the condition `pattern` matches `value`: `*` stands for any run without `/`, `**` for any run, the rest for itself.
///
/// By trying every length of every star. The caller keeps patterns short.
pub(crate) fn matches(pattern: &str, value: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        return ends(value).any(|end| matches(rest, &value[end..]));
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        return ends(value).take_while(|end| !value[..*end].contains('/')).any(|end| matches(rest, &value[end..]));
    }
    match (pattern.chars().next(), value.chars().next()) {
        (None, None) => true,
        (Some(one), Some(other)) if one == other => matches(&pattern[one.len_utf8()..], &value[one.len_utf8()..]),
        _ => false,
    }
}

/// Where a run from the beginning of the text may end.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(index, _)| index).chain([text.len()])
}
