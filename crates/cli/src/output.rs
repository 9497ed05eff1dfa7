//! The two streams. Somebody may have closed them: that is no reason to fail.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// A line on standard error.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// What was asked for, on standard output.
pub(crate) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
}

/// Why there is nothing on standard output.
pub(crate) fn report(failure: &Failure, json: bool) {
    if json { say(&failure.as_json().to_string()) } else { say(&failure.in_words()) }
}
