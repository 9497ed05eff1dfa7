//! Which table, and what is in it.

use std::fmt;

use brevet_mapping_store::{StoredRow, TableEditor};
use clap::Args;

use super::Context;
use super::aws::{self, Caller};
use super::facts;
use super::patience::patiently;
use super::progress::Progress;
use super::trouble::Trouble;

/// Where the role mappings are.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Table")]
pub struct TableOptions {
    /// Name of the table, or its ARN [default: BREVET_MAPPING_TABLE]
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,

    /// The table of the Brevet that is deployed here under this name, as it tells in SSM
    #[arg(long, value_name = "NAME", conflicts_with = "table", value_parser = environment_name)]
    pub environment: Option<String>,

    /// Region of the table [default: AWS_REGION, or that of the profile]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
}

/// The table as the admin's credentials see it.
pub(crate) struct Table {
    pub(crate) label: Label,
    pub(crate) caller: Caller,
    editor: TableEditor,
    expected: usize,
}

/// How the table is called in messages.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    table: String,
    account: String,
    region: String,
}

impl Table {
    /// Finds the table and makes sure that it is one of role mappings.
    pub(crate) async fn open(options: &TableOptions, context: &Context<'_>) -> Result<Self, Trouble> {
        let named = options.table.as_deref().or_else(|| context.environment.text("BREVET_MAPPING_TABLE"));
        if named.is_none() && options.environment.is_none() {
            return Err(Trouble::refused("table_unnamed", "nothing says which table the role mappings are in")
                .with_help("give --table or --environment, or set BREVET_MAPPING_TABLE"));
        }
        let config = aws::config(options.region.as_deref(), context.environment).await?;
        let caller = aws::caller(&config).await?;
        let name = match (&options.environment, named) {
            (Some(of), _) => facts::fact("mapping-table-name", of, &config, context.environment).await?,
            (None, named) => named.unwrap_or_default().to_owned(),
        };
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        let label = Label { table: name.clone(), account: caller.account.clone(), region };
        let editor = TableEditor::new(aws_sdk_dynamodb::Client::new(&config), name);
        let facts = patiently(async || editor.describe().await).await;
        let facts = facts.map_err(|fault| Trouble::of_table(fault, &label))?;
        let expected = usize::try_from(facts.rows).unwrap_or_default();
        Ok(Self { label, caller, editor, expected })
    }

    /// Every row, in no order. They are held in memory: a row is a few hundred bytes, and at most 400 KB.
    pub(crate) async fn rows(&self) -> Result<Vec<StoredRow>, Trouble> {
        let (mut rows, mut start) = (Vec::new(), None);
        let mut progress = Progress::new("read rows:", self.expected);
        loop {
            let page = patiently(async || self.editor.page(start.clone()).await).await;
            let (found, next) = page.map_err(|fault| Trouble::of_table(fault, &self.label))?;
            progress.step(found.len());
            rows.extend(found);
            start = next;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }

    pub(crate) fn editor(&self) -> &TableEditor {
        &self.editor
    }
}

/// It becomes a part of a parameter's name.
fn environment_name(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_name { Ok(text.to_owned()) } else { Err("an environment has a name such as `prod`".to_owned()) }
}

impl Label {
    pub(crate) fn as_json(&self) -> serde_json::Value {
        serde_json::json!({"name": self.table, "account": self.account, "region": self.region})
    }

    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self { table: "mappings".to_owned(), account: "111122223333".to_owned(), region: "eu-west-1".to_owned() }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` (account {}, {})", self.table, self.account, self.region)
    }
}
