//! A private key in PEM is secret over many lines; this remembers from line to line that one is being printed.

use super::Finding;

/// An RSA key of 16,384 bits has under 200 lines. A key without an end hides no more than this.
const MAX_LINES: u32 = 256;

const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Whether the next line belongs to a private key.
#[derive(Default)]
pub(crate) struct PrivateKeyBlock {
    lines_left: u32,
}

impl PrivateKeyBlock {
    /// The part of a line that continues a key, if one is being printed.
    pub(crate) fn continued(&mut self, line: &str) -> Option<Finding> {
        self.lines_left = self.lines_left.checked_sub(1)?;
        let end = end_of_key(line);
        if end.is_some() {
            self.lines_left = 0;
        }
        let range = 0..end.unwrap_or(line.len());
        Some(Finding { whole: range.clone(), secret: range })
    }

    /// Looks whether a key begins in a line and does not end in it.
    pub(crate) fn look_for_beginning(&mut self, line: &str) {
        let begun = line.match_indices("-----BEGIN ").filter_map(|(at, _)| line.get(at..)).last();
        let is_private = begun.is_some_and(|key| {
            let label = key.trim_start_matches('-').split(DASHES).next().unwrap_or_default();
            label.contains("PRIVATE KEY") && end_of_key(key).is_none()
        });
        if is_private {
            self.lines_left = MAX_LINES;
        }
    }
}

/// Where the line `-----END ...-----` ends.
fn end_of_key(text: &str) -> Option<usize> {
    let label = text.find(END)? + END.len();
    let dashes = text.get(label..)?.find(DASHES)?;
    Some(label + dashes + DASHES.len())
}
