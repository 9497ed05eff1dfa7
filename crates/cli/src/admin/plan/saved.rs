//! A plan in a file: what was agreed on, for `apply` to hold itself to. It says what happens to which row, not the rows.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use brevet_review::Action;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Plan, Step, digest};
use crate::admin::files::FileRows;
use crate::admin::row_key::row_key;
use crate::admin::table::Label;
use crate::admin::trouble::Trouble;

const FORMAT: u64 = 1;

/// Every change, by what the row was and what it becomes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedPlan {
    format: u64,
    table: Value,
    managed_by: String,
    changes: Vec<SavedChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedChange {
    action: String,
    scope: String,
    name: String,
    meaning: String,
    sentence: String,
    old: Option<String>,
    new: Option<String>,
}

impl SavedPlan {
    pub(crate) fn of(plan: &Plan, managed_by: &str, label: &Label) -> Self {
        let changes = plan.steps.iter().map(SavedChange::of).collect();
        Self { format: FORMAT, table: label.as_json(), managed_by: managed_by.to_owned(), changes }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    pub(crate) fn read(path: &Path) -> Result<Self, Trouble> {
        let refused = |cause: String| {
            let message = format!("the plan `{}` {cause}", path.display());
            Trouble::refused("plan_unreadable", message).with_help("make it with `brevet mappings plan --out`")
        };
        let text = fs::read_to_string(path).map_err(|fault| refused(format!("cannot be read: {fault}")))?;
        let plan: Self = serde_json::from_str(&text).map_err(|fault| refused(format!("is none: {fault}")))?;
        if plan.format == FORMAT { Ok(plan) } else { Err(refused("is of another version of brevet".to_owned())) }
    }

    /// Makes sure that nothing but what was planned is going to happen: what is still to be done was planned exactly so,
    /// and what is no longer to be done has been done, by an earlier `apply` that did not come to its end.
    pub(crate) fn admits(&self, plan: &Plan, files: &FileRows, managed_by: &str, label: &Label) -> Result<(), Trouble> {
        let moved_on = |message: String| {
            let help = "plan again, and look at it again";
            Err(Trouble::refused("plan_outdated", message).with_help(help))
        };
        if self.table != label.as_json() || self.managed_by != managed_by {
            return moved_on(format!("the plan was made for another table or keeper than {label} and `{managed_by}`"));
        }
        let planned: HashSet<&SavedChange> = self.changes.iter().collect();
        let now: Vec<SavedChange> = plan.steps.iter().map(SavedChange::of).collect();
        if let Some(other) = now.iter().find(|change| !planned.contains(change)) {
            return moved_on(format!(
                "files or table have moved on since the plan was made: `{}` of `{}` was not planned so",
                other.name, other.scope
            ));
        }
        let pending: HashSet<SavedChange> = now.into_iter().collect();
        let in_files: HashMap<(String, String), Option<String>> =
            files.iter().map(|row| (row_key(row.row()), digest::of(Some(row.row())))).collect();
        let is_done = |change: &SavedChange| {
            let wanted = in_files.get(&(change.scope.clone(), change.name.clone())).cloned().flatten();
            wanted == change.new
        };
        match self.changes.iter().find(|change| !pending.contains(change) && !is_done(change)) {
            Some(other) => moved_on(format!(
                "the files have moved on since the plan was made: `{}` of `{}` is another now",
                other.name, other.scope
            )),
            None => Ok(()),
        }
    }
}

impl SavedChange {
    fn of(step: &Step) -> Self {
        let action = match step.change.action {
            Action::Create => "create",
            Action::Delete => "delete",
            Action::Update | Action::None => "update",
        };
        Self {
            action: action.to_owned(),
            scope: step.change.scope.clone(),
            name: step.change.name.clone(),
            meaning: step.change.meaning.as_str().to_owned(),
            sentence: step.change.sentence.clone(),
            old: digest::of(step.old.as_ref().map(|old| old.row())),
            new: digest::of(step.new.as_ref()),
        }
    }
}
