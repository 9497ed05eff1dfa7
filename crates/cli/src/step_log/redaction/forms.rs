//! A secret value as it may turn up: itself, quoted for JSON, in a URL, or somewhere inside Base64.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The value and its encodings, without repetitions of the same text being avoided.
pub(super) fn forms(value: &str) -> Vec<String> {
    let in_json = serde_json::Value::from(value).to_string().trim_matches('"').to_owned();
    let mut forms = vec![
        value.to_owned(),
        // PHP escapes slashes, and .NET plus signs.
        in_json.replace('/', r"\/"),
        in_json.replace('+', r"\u002B"),
        in_json,
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
    ];
    // RFC 3986, Python's `quote`, JavaScript's `encodeURIComponent`; .NET writes small digits.
    for kept in ["-._~", "-._~/", "-._~!*'()"] {
        forms.push(in_url(value, kept, |byte| format!("%{byte:02X}")));
        forms.push(in_url(value, kept, |byte| format!("%{byte:02x}")));
    }
    for bytes_before in 0..3 {
        forms.push(inside_base64(value, bytes_before, |bytes| STANDARD_NO_PAD.encode(bytes)));
        forms.push(inside_base64(value, bytes_before, |bytes| URL_SAFE_NO_PAD.encode(bytes)));
    }
    forms
}

fn in_url(value: &str, kept: &str, escape: impl Fn(u8) -> String) -> String {
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || kept.contains(char::from(byte));
    value.bytes().map(|byte| if is_kept(byte) { char::from(byte).to_string() } else { escape(byte) }).collect()
}

/// What a value looks like inside the Base64 of a longer text, such as `user:value`. Base64 turns three bytes into four
/// characters, so only how many bytes stand before it (modulo three) matters, and the characters at both ends that it
/// shares with its neighbours are left out.
fn inside_base64(value: &str, bytes_before: usize, encode: impl Fn(&[u8]) -> String) -> String {
    let mut bytes = vec![0; bytes_before];
    bytes.extend_from_slice(value.as_bytes());
    let encoded = encode(&bytes);
    let shared_before = [0, 2, 3].get(bytes_before).copied().unwrap_or_default();
    let shared_after = usize::from(!bytes.len().is_multiple_of(3));
    encoded.get(shared_before..encoded.len() - shared_after).unwrap_or_default().to_owned()
}
