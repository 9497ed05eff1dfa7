use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value};

use crate::section::Section;

/// The sections that have been measured so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results(Map<String, Value>);

const HEAD: &str = "# Measured\n\n\
    Written by `make bench` from [results.json](results.json); [README.md](README.md) says how it is measured and what the\n\
    words mean. Each figure is the median of the rounds, with the smallest and the largest round after it.\n";

impl Results {
    /// What is in the file; nothing, if there is none.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path)?;
        serde_json::from_str(&text).map(Self).with_context(|| format!("{} cannot be read", path.display()))
    }

    pub(crate) fn put(&mut self, section: Section, measured: Value) {
        self.0.insert(section.key().to_owned(), measured);
    }

    /// Writes the file, and the page beside it.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        fs::write(path, format!("{:#}\n", Value::Object(self.0.clone())))?;
        fs::write(path.with_extension("md"), self.render()?)?;
        Ok(())
    }

    pub(crate) fn render(&self) -> anyhow::Result<String> {
        let mut page = HEAD.to_owned();
        for section in Section::ALL {
            if let Some(measured) = self.0.get(section.key()) {
                let text = section.render(measured).with_context(|| format!("`{}` of the results", section.key()))?;
                page += &format!("\n## {}\n\n{}\n", section.title(), text.trim_end());
            }
        }
        Ok(page)
    }
}
