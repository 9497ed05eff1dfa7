use std::io::{IsTerminal as _, stdout};

use super::Context;

/// Colours for a terminal, and none for anything else, for `--json`, or where NO_COLOR is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colours(bool);

impl Colours {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let dumb = context.environment.text("TERM").is_some_and(|terminal| terminal == "dumb");
        Self(!context.json && stdout().is_terminal() && context.environment.text("NO_COLOR").is_none() && !dumb)
    }

    #[cfg(test)]
    pub(crate) const NONE: Self = Self(false);

    pub(crate) fn red(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
