use std::path::PathBuf;

use clap::Args;

use super::diff::Keeping;

/// What the table is to be, and which of its rows are ours.
#[derive(Clone, Debug, Args)]
pub struct FileArguments {
    /// YAML file with role mappings, or directory with such files
    #[arg(long = "file", short = 'f', value_name = "DIR|FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Who keeps these rows: written into each as `managed_by`. Rows of others are left alone
    #[arg(long, value_name = "NAME", default_value = "brevet", value_parser = keeper)]
    pub managed_by: String,

    /// Take over rows that are in the files but were kept by hand so far
    #[arg(long)]
    pub adopt: bool,
}

impl FileArguments {
    pub(crate) fn keeping(&self) -> Keeping {
        Keeping { managed_by: self.managed_by.clone(), adopt: self.adopt }
    }
}

fn keeper(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && text.len() <= 128 && text.chars().all(|one| !one.is_control());
    if is_name { Ok(text.to_owned()) } else { Err("a keeper has a name of at most 128 characters".to_owned()) }
}
