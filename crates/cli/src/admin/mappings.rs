use clap::Subcommand;

use super::Context;
use super::apply::{self, Apply};
use super::export::{self, Export};
use super::help;
use super::lint::{self, Lint};
use super::plan::{self, PlanArguments};
use super::schema;
use super::trouble::Trouble;

/// `brevet mappings`.
#[derive(Debug, Subcommand)]
pub enum Mappings {
    /// Show what `apply` would change in the table, and what that means for who gets in
    #[command(after_long_help = help::PLAN)]
    Plan(PlanArguments),
    /// Make the table what the files say
    #[command(after_long_help = help::APPLY)]
    Apply(Apply),
    /// Write the table as YAML
    #[command(after_long_help = help::EXPORT)]
    Export(Export),
    /// Find what is dangerous, dead or overdue in files or in the table
    #[command(after_long_help = help::LINT)]
    Lint(Lint),
    /// Print the JSON Schema of the files, for editors
    Schema,
}

pub(super) async fn run(command: &Mappings, context: &Context<'_>) -> Result<u8, Trouble> {
    match command {
        Mappings::Plan(arguments) => plan::run(arguments, context).await,
        Mappings::Apply(arguments) => apply::run(arguments, context).await,
        Mappings::Export(arguments) => export::run(arguments, context).await,
        Mappings::Lint(arguments) => lint::run(arguments, context).await,
        Mappings::Schema => schema::run(),
    }
}
