use brevet_policy::Pattern;

use crate::slow;

/// A pattern and, on the lines below it, values: it matches what the slow matcher says, and nothing outside its literal
/// beginning.
pub fn condition_pattern(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((text, values)) = text.split_once('\n') else { return };
    let Ok(pattern) = Pattern::parse(text) else {
        assert!(text.is_empty() || text.contains("***") || text.len() > 2_048, "{text:?} is a pattern");
        return;
    };
    assert_eq!(pattern.as_str(), text);
    let (beginning, end) = (text.split('*').next().unwrap_or_default(), text.rsplit('*').next().unwrap_or_default());
    for value in values.split('\n') {
        let matches = pattern.matches(value);
        assert!(!matches || (value.starts_with(beginning) && value.ends_with(end)), "{text:?} matches {value:?}");
        assert!(text.contains('*') || matches == (text == value), "{text:?} without a star against {value:?}");
        // The slow matcher tries every length of every star.
        if text.matches('*').count() <= 6 && text.len() <= 48 && value.len() <= 48 {
            assert_eq!(matches, slow::pattern::matches(text, value), "{text:?} against {value:?}");
        }
    }
}
