//! `brevet who-can`: who gets to a role, from the rows.

use brevet_review::{Target, who_can};
use clap::Args;
use serde_json::json;

use super::Context;
use super::clock::now;
use super::colour::Colours;
use super::moment::{moment, shown};
use super::reach;
use super::source::RowSource;
use super::trouble::Trouble;
use crate::output;

/// `brevet who-can`.
#[derive(Debug, Args)]
pub struct WhoCan {
    /// ARN of a role, or name of a mapping (`deploy`, `api.reports`)
    #[arg(value_name = "ROLE_ARN|NAME", value_parser = target)]
    pub target: Target,

    /// Answer for this time [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<u64>,

    /// Where the rows are.
    #[command(flatten)]
    pub rows: RowSource,
}

pub(super) async fn run(arguments: &WhoCan, context: &Context<'_>) -> Result<u8, Trouble> {
    let at = arguments.at.unwrap_or_else(now);
    let found = who_can(&arguments.rows.rows(context).await?, &arguments.target, at);
    if context.json {
        output::print(&json!({"at": shown(at), "rows": found}).to_string())?;
        return Ok(0);
    }
    let nothing = "No row leads there.";
    output::print(&reach::sheet(&found, nothing, Colours::of(context)))?;
    Ok(0)
}

fn target(text: &str) -> Result<Target, String> {
    Target::parse(text).ok_or_else(|| "this is neither the ARN of a role nor the name of a mapping".to_owned())
}
