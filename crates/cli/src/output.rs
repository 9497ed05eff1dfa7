//! The two streams.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// A line on standard error. Somebody may have closed it: that is no reason to fail.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A line, or several, on standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write(&[text.as_bytes(), b"\n"].concat())
}

/// Bytes on standard output, as they are.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        // The reader has seen enough, as in `brevet whoami | head -1`.
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(fault) => {
            let message = format!("standard output cannot be written: {fault}");
            Err(Failure::misconfigured(
                "output_failed",
                message,
                "check where the output goes, and whether the disk is full",
            ))
        }
        Ok(()) => Ok(()),
    }
}

/// Why there is nothing on standard output.
pub(crate) fn report(failure: &Failure, json: bool) {
    if json { say(&failure.as_json().to_string()) } else { say(&failure.in_words()) }
}
