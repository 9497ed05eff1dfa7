use std::io::{IsTerminal as _, stdin};

use crate::admin::trouble::Trouble;
use crate::output;

/// Asks whether to go on. Where nobody can answer, the answer is no.
pub(super) fn ask(changes: usize) -> Result<(), Trouble> {
    if !stdin().is_terminal() {
        let message = "nobody is here to say yes; nothing was done";
        return Err(Trouble::refused("not_confirmed", message).with_help("give --yes to apply without being asked"));
    }
    output::say(&format!("Apply these {changes} changes? Only `yes` is a yes:"));
    let mut answer = String::new();
    let read = stdin().read_line(&mut answer);
    if read.is_ok() && answer.trim() == "yes" {
        return Ok(());
    }
    Err(Trouble::refused("not_confirmed", "that was not a yes; nothing was done"))
}
