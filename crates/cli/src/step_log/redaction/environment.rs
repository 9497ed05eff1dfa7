//! Which variables of the environment hold secrets, judged by their names.
//!
//! GitLab does not tell a job which of its variables are masked; this is the nearest that can be known.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::path::Path;

/// A name with one of these in it is the name of a secret.
const TELLING_PARTS: [&str; 11] = [
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "APIKEY",
    "API_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "AUTH_CONFIG",
];

/// So is a name that ends with one of these.
const TELLING_ENDS: [&str; 6] = ["_KEY", "_PAT", "_PASS", "_PWD", "_JWT", "_AUTH"];

/// A name that ends with one of these tells about a secret without being one.
const HARMLESS_ENDS: [&str; 7] = ["_ID", "_NAME", "_ARN", "_URL", "_URI", "_ENDPOINT", "_TYPE"];

/// More is no password.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The values of variables whose names say that they are secret. A variable of GitLab's type "file" holds a path: the
/// secret is what the file holds.
pub(crate) fn secret_values<'a>(environment: impl IntoIterator<Item = (&'a OsStr, &'a OsStr)>) -> Vec<String> {
    let named = environment.into_iter().filter(|(name, _)| is_secret_name(&name.to_string_lossy()));
    named
        .map(|(_, value)| value.to_string_lossy().into_owned())
        .map(|value| contents(&value).unwrap_or(value))
        .collect()
}

/// Whether something of this name is a secret: a variable, an option or a parameter, in any spelling.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = words(name);
    !HARMLESS_ENDS.iter().any(|end| name.ends_with(end))
        && (TELLING_PARTS.iter().any(|part| name.contains(part)) || TELLING_ENDS.iter().any(|end| name.ends_with(end)))
}

/// `DbPassword`, `db-password` and `DB_PASSWORD` are one name.
fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for character in name.chars() {
        if character.is_ascii_uppercase() && after_small || !character.is_ascii_alphanumeric() {
            words.push('_');
        }
        if character.is_ascii_alphanumeric() {
            words.push(character.to_ascii_uppercase());
        }
        after_small = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    words
}

fn contents(value: &str) -> Option<String> {
    let path = Path::new(value);
    if !path.is_absolute() || !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(MAX_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
