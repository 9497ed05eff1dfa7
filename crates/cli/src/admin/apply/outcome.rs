use brevet_mapping_store::EditError;

use super::write::Key;
use crate::admin::table::Label;
use crate::admin::trouble::Trouble;
use crate::output;

/// So many rows that were not written are told by name.
const TOLD: usize = 20;

/// How far it came.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) applied: Vec<Key>,
    pub(super) pending: Vec<Key>,
    pub(super) fault: Option<(Key, EditError)>,
}

impl Outcome {
    /// Says what was done; what was not done is trouble.
    pub(super) fn conclude(self, label: &Label, as_json: bool) -> Result<u8, Trouble> {
        let Self { applied, pending, fault } = self;
        let Some((key, fault)) = fault else {
            if !as_json && !applied.is_empty() {
                output::print(&format!("Done: {} rows written.", applied.len()))?;
            }
            return Ok(0);
        };
        let so_far = format!("{} of {} writes are done", applied.len(), applied.len() + pending.len());
        if !as_json {
            output::say("Not done:");
            pending.iter().take(TOLD).for_each(|key| output::say(&format!("  {} of {}", key.name, key.scope)));
            if pending.len() > TOLD {
                output::say(&format!("  and {} more", pending.len() - TOLD));
            }
        }
        let help = "nobody is let in whom neither the old nor the new table lets in; run the same again to do the rest";
        Err(match fault {
            EditError::Changed => {
                let message = format!(
                    "somebody else has changed `{}` of `{}` since it was read, so it was left alone; {so_far}",
                    key.name, key.scope
                );
                Trouble::cannot_tell("row_changed", message).with_help(help)
            }
            EditError::Unavailable(fault) => Trouble::of_table(fault, label).and_also(&so_far).with_help(help),
        })
    }
}
