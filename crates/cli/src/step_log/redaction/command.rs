//! The command line of a step, fit for its log.

use std::ffi::OsString;

use super::environment::is_secret_name;
use super::{REPLACEMENT, Redacted, Redactor};

/// The words of a command without secrets: known values and shapes, and what follows an option or a name that says it is
/// secret (`--db-password x`, `--token=x`, `ApiToken=x`).
pub(crate) fn redact_command(redactor: &Redactor, command: &[OsString]) -> Vec<Redacted> {
    let mut after_secret_option = false;
    command
        .iter()
        .map(|word| {
            let word = &*word.to_string_lossy();
            let is_value = after_secret_option && !word.starts_with('-');
            after_secret_option = word.starts_with('-') && !word.contains('=') && is_secret_name(word);
            match word.split_once('=') {
                _ if is_value => Redacted(REPLACEMENT.to_owned()),
                Some((name, _)) if is_one_name(name) && is_secret_name(name) => {
                    Redacted(format!("{name}={REPLACEMENT}"))
                }
                _ => redactor.redact(word),
            }
        })
        .collect()
}

fn is_one_name(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || "-_.:".contains(character))
}
