//! `brevet freeze` and `brevet unfreeze`: a deny row for every name, which wins over whatever else there is.

mod effect;
mod row;
mod told;
mod whom;

#[cfg(test)]
mod tests;

use brevet_mapping_store::{EditError, StoredRow};
use brevet_policy::{Row, Scope};
use clap::Args;
use serde_json::Value;

use self::effect::Effect;
pub(super) use self::row::is_freeze;
use self::row::summary;
use self::told::{Outcome, tell};
use self::whom::Frozen;
use super::Context;
use super::clock::now;
use super::moment::span;
use super::table::{Table, TableOptions};
use super::trouble::Trouble;

/// `brevet freeze`.
#[derive(Debug, Args)]
pub struct Freeze {
    /// Whom it is about.
    #[command(flatten)]
    pub whom: Frozen,

    /// Why, for whoever finds the row
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub reason: String,

    /// End by itself after this time: `30m`, `4h`, `2d` [default: until `brevet unfreeze`]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub expires_in: Option<u64>,

    /// Where the rows are.
    #[command(flatten)]
    pub table: TableOptions,
}

/// `brevet unfreeze`.
#[derive(Debug, Args)]
pub struct Unfreeze {
    /// Whom it is about.
    #[command(flatten)]
    pub whom: Frozen,

    /// Where the rows are.
    #[command(flatten)]
    pub table: TableOptions,
}

pub(super) async fn freeze(arguments: &Freeze, context: &Context<'_>) -> Result<u8, Trouble> {
    let (table, at) = (Table::open(&arguments.table, context).await?, now());
    let scope = arguments.whom.scope()?;
    let end = arguments.expires_in.map(|span| at.saturating_add(span));
    let row = row::freeze(scope, &arguments.reason, end, &table.caller.arn);
    // It is written before anything else is looked at: in an emergency, seconds count.
    let outcome = match table.editor().create(&row).await {
        Ok(()) => Outcome::Written,
        Err(EditError::Changed) => replace(&table, scope, row, at).await?,
        Err(EditError::Unavailable(fault)) => return Err(Trouble::of_table(fault, &table.label)),
    };
    let rows = rows_after(&table, "the freeze is in force; what cannot be told is which rows it closes").await?;
    let row = rows.iter().find(|row| is_freeze_of(row, scope));
    tell(outcome, scope, &Effect::of(scope, &rows, at), row, context)?;
    Ok(0)
}

pub(super) async fn unfreeze(arguments: &Unfreeze, context: &Context<'_>) -> Result<u8, Trouble> {
    let table = Table::open(&arguments.table, context).await?;
    let scope = arguments.whom.scope()?;
    let outcome = match row_for_every_name(&table, scope).await? {
        None => Outcome::NotThere,
        Some(stored) if is_freeze(stored.row()) => {
            table.editor().delete(&stored).await.map_err(|fault| conflict(fault, &table))?;
            Outcome::Removed
        }
        Some(stored) => return Err(kept_by_hand(scope, &stored)),
    };
    let rows =
        rows_after(&table, "the scope is not frozen any more; what cannot be told is which rows that opens").await?;
    tell(outcome, scope, &Effect::of(scope, &rows, now()), None, context)?;
    Ok(0)
}

async fn row_for_every_name(table: &Table, scope: &Scope) -> Result<Option<StoredRow>, Trouble> {
    let found = table.editor().row(scope.as_str(), "*").await;
    found.map_err(|fault| Trouble::of_table(fault, &table.label))
}

/// Every row, once the work is done: if they cannot be read, it is done nevertheless, and that has to be said.
async fn rows_after(table: &Table, done: &str) -> Result<Vec<Row>, Trouble> {
    let rows = table.rows().await.map_err(|trouble| trouble.with_help(done))?;
    Ok(rows.into_iter().map(|stored| stored.row().clone()).collect())
}

/// There is a row for every name already: ours is brought up to date, somebody else's is not touched.
async fn replace(table: &Table, scope: &Scope, row: Row, at: u64) -> Result<Outcome, Trouble> {
    let Some(stored) = row_for_every_name(table, scope).await? else {
        return Err(conflict(EditError::Changed, table));
    };
    if !is_freeze(stored.row()) {
        return Err(kept_by_hand(scope, &stored));
    }
    if row::says_the_same(stored.row(), &row, at) {
        return Ok(Outcome::AlreadyThere);
    }
    table.editor().replace(&stored, &row::next(stored.row(), row)).await.map_err(|fault| conflict(fault, table))?;
    Ok(Outcome::Written)
}

fn kept_by_hand(scope: &Scope, stored: &StoredRow) -> Trouble {
    let message =
        format!("there is a row `*` of `{scope}` that `brevet freeze` has not written: {}", summary(stored.row()));
    Trouble::refused("not_a_freeze", message)
        .with_help("it was not touched; look at it with `brevet explain`, and edit it where it is kept")
}

fn conflict(fault: EditError, table: &Table) -> Trouble {
    match fault {
        EditError::Changed => {
            Trouble::cannot_tell("row_changed", "somebody else has changed the row in the meantime; nothing was done")
                .with_help("look again, and run the command once more")
        }
        EditError::Unavailable(fault) => Trouble::of_table(fault, &table.label),
    }
}

fn is_of(row: &Row, scope: &Scope) -> bool {
    let text = |part: &str| row.get(part).and_then(Value::as_str);
    (text("scope"), text("name")) == (Some(scope.as_str()), Some("*"))
}

fn is_freeze_of(row: &Row, scope: &Scope) -> bool {
    is_of(row, scope) && is_freeze(row)
}

fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("say why, for whoever finds the row".to_owned())
    } else {
        Ok(text.trim().to_owned())
    }
}
