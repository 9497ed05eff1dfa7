use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use super::case::Case;
use super::family::Family;

/// A file of cases.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The file's name without `.json`.
    #[serde(skip)]
    pub name: String,
    /// What is attacked, in a phrase.
    pub attacks: String,
    /// One by one.
    #[serde(default)]
    cases: Vec<Case>,
    /// Every claim with every wrong value.
    #[serde(default)]
    families: Vec<Family>,
}

impl Table {
    /// Reads `tests/attacks/cases/<name>.json`.
    pub fn read(name: &str) -> Self {
        let path = folder().join(format!("{name}.json"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let table: Self = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { name: name.to_owned(), ..table }
    }

    /// All cases, those of the families written out.
    pub fn cases(&self) -> Vec<Case> {
        let families = self.families.iter().flat_map(Family::cases);
        self.cases.iter().cloned().chain(families).collect()
    }
}

/// The names of all files of cases, sorted.
pub fn tables() -> Vec<String> {
    let files = fs::read_dir(folder()).expect("there is a folder of cases");
    let mut names: Vec<String> = files
        .map(|file| file.expect("the folder can be read").path())
        .map(|path| path.file_stem().expect("a file has a name").to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/attacks/cases"))
}
