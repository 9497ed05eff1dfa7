use serde::Deserialize;

/// Reads a document that is one JSON object. A derived `Deserialize` alone would read a list as well, and take its items for
/// the members; and the parser passes over what it is to ignore without looking whether it is text at all.
pub(crate) fn read_object<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Option<T> {
    let text = std::str::from_utf8(json).ok()?;
    let first = text.bytes().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(b'{') { serde_json::from_str(text).ok() } else { None }
}
