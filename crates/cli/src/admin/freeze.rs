//! `brevet freeze` and `brevet unfreeze`: a deny row for every name, which wins over whatever else there is.

mod effect;
mod row;

#[cfg(test)]
mod tests;

use brevet_mapping_store::{EditError, StoredRow};
use brevet_policy::{Row, Scope};
use clap::Args;
use serde_json::{Value, json};

use self::effect::Effect;
pub(super) use self::row::is_freeze;
use self::row::summary;
use super::Context;
use super::clock::now;
use super::moment::span;
use super::plain::{counted, plain};
use super::table::{Table, TableOptions};
use super::trouble::Trouble;
use crate::output;

/// Whom it is about.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Frozen {
    /// Every project of a GitLab, as scopes begin: `gitlab.example.com`
    #[arg(long, value_name = "HOST", value_parser = issuer)]
    pub issuer: Option<Scope>,

    /// One scope: `HOST/project/ID`, `HOST/namespace/ID` or `HOST/group/PATH`
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub scope: Option<Scope>,
}

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

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Written,
    AlreadyThere,
    Removed,
    NotThere,
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

impl Frozen {
    /// The parser makes sure that there is one.
    fn scope(&self) -> Result<&Scope, Trouble> {
        let given = self.issuer.as_ref().or(self.scope.as_ref());
        given.ok_or_else(|| Trouble::refused("scope_missing", "nothing says whom to freeze"))
    }
}

fn is_of(row: &Row, scope: &Scope) -> bool {
    let text = |part: &str| row.get(part).and_then(Value::as_str);
    (text("scope"), text("name")) == (Some(scope.as_str()), Some("*"))
}

fn is_freeze_of(row: &Row, scope: &Scope) -> bool {
    is_of(row, scope) && is_freeze(row)
}

fn tell(
    outcome: Outcome,
    scope: &Scope,
    effect: &Effect,
    row: Option<&Row>,
    context: &Context<'_>,
) -> Result<(), Trouble> {
    if context.json {
        let told = json!({"scope": scope.as_str(), "outcome": outcome.word(), "row": row, "effect": effect});
        return Ok(output::print(&told.to_string())?);
    }
    let verb = if row.is_some() { "closes" } else { "opens again" };
    let mut lines = vec![match outcome {
        Outcome::Written => format!("Frozen: `{scope}`. The next request of its jobs is refused."),
        Outcome::AlreadyThere => format!("`{scope}` was frozen already; nothing was written."),
        Outcome::Removed => format!("No longer frozen: `{scope}`."),
        Outcome::NotThere => format!("`{scope}` is not frozen; there was nothing to do."),
    }];
    lines.extend(row.map(|row| format!("  {}", plain(&summary(row)))));
    if outcome != Outcome::NotThere {
        lines.push(format!(
            "It {verb} {} wholly, and {} for some of its jobs: those of the scope.",
            counted(effect.whole, "row"),
            effect.partly
        ));
        lines
            .push(format!("Of those, {} open the routes of APIs (`api.*`): `*` stands for them, too.", effect.of_apis));
    }
    if !effect.closed_anyway.is_empty() {
        lines.push(format!("Other deny rows for every name here: {}.", plain(&effect.closed_anyway.join(", "))));
    }
    if row.is_some() {
        lines.push(
            "Sessions that jobs already have live until they end; to cut them off, revoke the sessions of the"
                .to_owned(),
        );
        lines.push(
            "role in IAM. API Gateway keeps an authorizer's answer for its cache time (60 s by default).".to_owned(),
        );
    }
    Ok(output::print(&lines.join("\n"))?)
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Written => "frozen",
            Self::AlreadyThere => "already_frozen",
            Self::Removed => "unfrozen",
            Self::NotThere => "not_frozen",
        }
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text)
        .ok_or_else(|| "a scope is `HOST`, `HOST/project/ID`, `HOST/namespace/ID` or `HOST/group/PATH`".to_owned())
}

fn issuer(text: &str) -> Result<Scope, String> {
    let scope = scope(text)?;
    if scope.issuer() == text {
        Ok(scope)
    } else {
        Err("this is a scope within a GitLab: give it with --scope".to_owned())
    }
}

fn reason(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("say why, for whoever finds the row".to_owned())
    } else {
        Ok(text.trim().to_owned())
    }
}
