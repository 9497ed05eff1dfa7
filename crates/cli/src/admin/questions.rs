//! What admins ask about rows, and the two commands for the night.

use clap::Subcommand;

use super::Context;
use super::explain::{self, Explain};
use super::freeze::{self, Freeze, Unfreeze};
use super::question_help as help;
use super::report::{self, ReportArguments};
use super::roles::{self, Roles};
use super::trouble::Trouble;
use super::what_if::{self, WhatIf};
use super::who_can::{self, WhoCan};

/// Questions about rows.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// Show what the rows say to one job, and why, down to the call to STS
    #[command(after_long_help = help::EXPLAIN)]
    Explain(Explain),
    /// Show who gets to a role: which projects, refs, environments and people
    #[command(after_long_help = help::WHO_CAN)]
    WhoCan(WhoCan),
    /// Show which roles a project could ask for, and under which conditions
    #[command(after_long_help = help::ROLES)]
    Roles(Roles),
    /// Show what proposed rows would have said to the jobs that came
    #[command(after_long_help = help::WHAT_IF)]
    WhatIf(Box<WhatIf>),
    /// Show what there is to look after: unused, expiring, unreadable, frozen rows; renamed projects; refusals
    #[command(after_long_help = help::REPORT)]
    Report(Box<ReportArguments>),
    /// Close everything to a GitLab, a group or a project, at once
    #[command(after_long_help = help::FREEZE)]
    Freeze(Freeze),
    /// Take a freeze away again
    #[command(after_long_help = help::UNFREEZE)]
    Unfreeze(Unfreeze),
}

pub(super) async fn run(question: &Question, context: &Context<'_>) -> Result<u8, Trouble> {
    match question {
        Question::Explain(arguments) => explain::run(arguments, context).await,
        Question::WhoCan(arguments) => who_can::run(arguments, context).await,
        Question::Roles(arguments) => roles::run(arguments, context).await,
        Question::WhatIf(arguments) => what_if::run(arguments, context).await,
        Question::Report(arguments) => report::run(arguments, context).await,
        Question::Freeze(arguments) => freeze::freeze(arguments, context).await,
        Question::Unfreeze(arguments) => freeze::unfreeze(arguments, context).await,
    }
}
