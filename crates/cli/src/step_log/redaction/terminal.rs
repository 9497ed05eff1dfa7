//! Output written for a terminal, as plain text.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// ECMA-48: control sequences (colours, cursor), operating-system commands (titles, links), and the short escapes.
static CONTROL_SEQUENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])",
    )
    .ok()
});

/// The text without colours and cursor movements. They would hide a secret that is highlighted in the middle, and make
/// the log hard to search.
pub(crate) fn without_control_sequences(text: &str) -> Cow<'_, str> {
    match &*CONTROL_SEQUENCE {
        Some(sequence) if text.contains('\x1b') => sequence.replace_all(text, ""),
        _ => Cow::Borrowed(text),
    }
}
