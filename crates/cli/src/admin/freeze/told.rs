use brevet_policy::{Row, Scope};
use serde_json::json;

use super::effect::Effect;
use super::row::summary;
use crate::admin::Context;
use crate::admin::plain::{counted, plain};
use crate::admin::trouble::Trouble;
use crate::output;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Written,
    AlreadyThere,
    Removed,
    NotThere,
}

/// Says what was done, what that closes or opens, and what it does not do.
pub(super) fn tell(
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
