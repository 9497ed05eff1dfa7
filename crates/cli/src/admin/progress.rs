use std::io::{IsTerminal as _, Write as _, stderr};

use crate::output;

/// So often a line appears where nobody watches.
const LINE_EVERY: usize = 500;

/// How far long work has come, on standard error; silent for short work.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    expected: usize,
    done: usize,
    shown: bool,
}

impl Progress {
    pub(crate) fn new(what: &'static str, expected: usize) -> Self {
        Self { what, expected, done: 0, shown: false }
    }

    pub(crate) fn step(&mut self, count: usize) {
        let before = self.done;
        self.done += count;
        let line = format!("{} {} of {}", self.what, self.done, self.expected.max(self.done));
        if stderr().is_terminal() {
            if self.expected.max(self.done) > 50 {
                self.shown = true;
                // Where the stream is closed nobody wants to see it.
                let _ = write!(stderr(), "\r{line}");
            }
        } else if before / LINE_EVERY != self.done / LINE_EVERY {
            output::say(&line);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            output::say("");
        }
    }
}
