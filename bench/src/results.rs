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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::paths::in_repository;

    fn function(title: &str, init: f64) -> Value {
        let figures = json!({"init_ms": {"median": init, "least": 1.0, "most": 19.5}});
        json!({"name": title, "title": title, "invocations": 7, "package": {"bytes": 2_500_000, "zip_bytes": 1_250_000},
               "figures": figures, "multiples": {}})
    }

    fn goal(limit: f64) -> Value {
        json!({"goal": "init", "limit": limit, "is_least": false, "found": {"median": 2.0, "least": 2.0, "most": 2.0}})
    }

    #[test]
    fn the_page_shows_each_figure_with_its_spread_and_which_goals_were_missed() {
        let comparison = json!({
            "measured": {"date": "2026-11-22", "command": "bench run", "processor": "one", "cores": 2, "memory_gb": 24.0,
                         "kernel": "6.1", "load": "0.10"},
            "versions": {"rustc": "1.95.0"}, "rounds": 11, "bare": {},
            "functions": [function("do-nothing function", 1.7), function("Brevet", 2.0)],
            "goals": [goal(3.0), goal(1.3)],
        });
        let mut results = Results::default();
        results.put(Section::Authorizer, comparison);
        let page = results.render().unwrap();
        let shown = [
            "## The authorizer",
            "2026-11-22, `bench run`; rounds: 11.",
            "| Brevet              | 2.00 (1.00-19.5) | ",
            "| Brevet              |                                    |           |         2.50 |       1.25 |",
            "| at most 3.00 |     2.00 |        met |",
            "| at most 1.30 |     2.00 | **missed** |",
            "Versions: rustc 1.95.0.",
        ];
        for text in shown {
            assert!(page.contains(text), "{text}\n{page}");
        }
        assert!(!page.contains("The credentials function"), "{page}");
    }

    #[test]
    fn the_committed_page_says_what_the_committed_results_say_of_every_section() {
        let path = in_repository("bench/results.json");
        let results = Results::read(&path).unwrap();
        let missing: Vec<&str> =
            Section::ALL.into_iter().map(Section::key).filter(|key| !results.0.contains_key(*key)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert_eq!(fs::read_to_string(path.with_extension("md")).unwrap(), results.render().unwrap());
    }

    #[test]
    fn a_section_that_cannot_be_read_is_named() {
        let mut results = Results::default();
        results.put(Section::Credentials, json!({"rounds": 1}));
        assert!(results.render().unwrap_err().to_string().contains("`credentials`"));
    }
}
