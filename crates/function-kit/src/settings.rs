//! The environment, read once at cold start. All faults are reported together, and no free text is quoted: somebody may
//! have pasted a secret.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use brevet_identity::{Issuer, parse_issuers};

/// The variables of a process, or of a test.
pub struct Environment(Box<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String>;

impl Environment {
    /// This process's own. The only place that reads it.
    pub fn of_process() -> Self {
        Self(Box::new(|name| std::env::var(name).ok()))
    }

    /// A variable's value; one that is empty counts as not set, as templates leave it.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }
}

impl From<HashMap<String, String>> for Environment {
    fn from(variables: HashMap<String, String>) -> Self {
        Self(Box::new(move |name| variables.get(name).cloned()))
    }
}

/// Everything that is wrong with the settings, each a sentence that names its variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFaults(pub Vec<String>);

impl fmt::Display for SettingsFaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for SettingsFaults {}

/// Reads variables and collects what is wrong with them.
pub struct Reader<'a> {
    environment: &'a Environment,
    faults: Vec<String>,
}

impl<'a> Reader<'a> {
    /// Nothing read yet.
    pub fn new(environment: &'a Environment) -> Self {
        Self { environment, faults: Vec::new() }
    }

    /// Records a fault.
    pub fn fault(&mut self, sentence: impl Into<String>) {
        self.faults.push(sentence.into());
    }

    /// A variable that may be missing.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.environment.get(name)
    }

    /// A variable that must be there.
    pub fn required(&mut self, name: &str) -> String {
        self.optional(name).unwrap_or_else(|| {
            self.fault(format!("{name} is missing"));
            String::new()
        })
    }

    /// A whole number from 0 to `most`.
    pub fn number(&mut self, name: &str, default: u64, most: u64) -> u64 {
        let Some(text) = self.optional(name) else { return default };
        let number = text.parse().ok().filter(|number| *number <= most);
        number.unwrap_or_else(|| {
            self.fault(format!("{name} must be a whole number from 0 to {most}"));
            default
        })
    }

    /// One word of a few; `default` when the variable is missing and there is one.
    pub fn choice<T: Copy>(&mut self, name: &str, default: Option<T>, choices: &[(&str, T)]) -> Option<T> {
        let chosen = match (self.optional(name), default) {
            (None, Some(default)) => return Some(default),
            (None, None) => None,
            (Some(text), _) => choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value),
        };
        if chosen.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.fault(format!("{name} must be one of: {}", words.join(", ")));
        }
        chosen
    }

    /// What was read, if there is no fault.
    pub fn finish<T>(self, settings: Option<T>) -> Result<T, SettingsFaults> {
        match settings {
            Some(settings) if self.faults.is_empty() => Ok(settings),
            _ => Err(SettingsFaults(self.faults)),
        }
    }
}

/// How much of a mapping a refused caller is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DenialDetail {
    /// The caller's own claims.
    Own,
    /// Also what would have matched.
    Full,
}

/// The settings of everything that concerns tokens, the same in each function.
pub struct IdentitySettings {
    /// Whom to believe.
    pub issuers: Vec<Issuer>,
    /// Granted at both ends of a token's time.
    pub leeway_seconds: u64,
    /// Where metrics go.
    pub metrics_namespace: String,
}

impl IdentitySettings {
    /// Reads `TRUSTED_ISSUERS` or `TRUSTED_ISSUERS_FILE`, `CLOCK_LEEWAY_SECONDS` and `METRICS_NAMESPACE`.
    pub fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            issuers: read_issuers(reader),
            leeway_seconds: reader.number("CLOCK_LEEWAY_SECONDS", 10, 60),
            metrics_namespace: reader.optional("METRICS_NAMESPACE").unwrap_or_else(|| "Brevet".to_owned()),
        }
    }
}

/// The settings of everything that reads role mappings.
pub struct MappingSettings {
    /// The table.
    pub table: String,
    /// How long rows may be remembered; 0 is not at all.
    pub cache_seconds: u64,
    /// How much a refusal tells.
    pub denial_detail: DenialDetail,
}

impl MappingSettings {
    /// Reads `ROLE_MAPPING_TABLE`, `MAPPING_CACHE_SECONDS` and `DENIAL_DETAIL`.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let details = [("own", DenialDetail::Own), ("full", DenialDetail::Full)];
        let table = reader.required("ROLE_MAPPING_TABLE");
        let cache_seconds = reader.number("MAPPING_CACHE_SECONDS", 0, 3_600);
        let denial_detail = reader.choice("DENIAL_DETAIL", Some(DenialDetail::Own), &details)?;
        Some(Self { table, cache_seconds, denial_detail })
    }
}

fn read_issuers(reader: &mut Reader<'_>) -> Vec<Issuer> {
    let (variable, json) = match (reader.optional("TRUSTED_ISSUERS"), reader.optional("TRUSTED_ISSUERS_FILE")) {
        (Some(_), Some(_)) => {
            reader.fault("TRUSTED_ISSUERS and TRUSTED_ISSUERS_FILE are both set; keep one");
            return Vec::new();
        }
        (None, None) => {
            reader.fault("TRUSTED_ISSUERS is missing");
            return Vec::new();
        }
        (Some(json), None) => ("TRUSTED_ISSUERS", json),
        (None, Some(file)) => {
            let bundle = reader.optional("LAMBDA_TASK_ROOT").unwrap_or_default();
            let Ok(json) = std::fs::read_to_string(Path::new(&bundle).join(&file)) else {
                reader
                    .fault(format!("TRUSTED_ISSUERS_FILE names `{file}`, which is not a readable file of the bundle"));
                return Vec::new();
            };
            ("TRUSTED_ISSUERS_FILE", json)
        }
    };
    parse_issuers(&json).unwrap_or_else(|faults| {
        for fault in faults.0 {
            reader.fault(format!("{variable}: {fault}"));
        }
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment::from(owned.collect::<HashMap<_, _>>())
    }

    fn faults(variables: &[(&str, &str)]) -> Vec<String> {
        let environment = environment(variables);
        let mut reader = Reader::new(&environment);
        let settings = IdentitySettings::read(&mut reader);
        reader.finish(Some(settings)).err().map(|faults| faults.0).unwrap_or_default()
    }

    const ISSUERS: (&str, &str) = ("TRUSTED_ISSUERS", r#"[{"issuer":"https://gitlab.example.com","audiences":["x"]}]"#);

    #[test]
    fn names_every_fault_at_once() {
        let faults = faults(&[("TRUSTED_ISSUERS", r#"[{"issuer":"ftp://x"}]"#), ("CLOCK_LEEWAY_SECONDS", "61")]);
        let starts = ["TRUSTED_ISSUERS: [0] `issuer`", "TRUSTED_ISSUERS: [0] `audiences`", "CLOCK_LEEWAY_SECONDS must"];
        for start in starts {
            assert!(faults.iter().any(|fault| fault.starts_with(start)), "{start} in {faults:?}");
        }
    }

    #[test]
    fn refuses_issuers_that_are_missing_given_twice_or_in_no_file() {
        assert_eq!(faults(&[]), ["TRUSTED_ISSUERS is missing"]);
        assert_eq!(faults(&[("TRUSTED_ISSUERS", "")]), ["TRUSTED_ISSUERS is missing"]);
        assert!(faults(&[ISSUERS, ("TRUSTED_ISSUERS_FILE", "x.json")])[0].contains("both set"));
        assert!(faults(&[("TRUSTED_ISSUERS_FILE", "no-such-file.json")])[0].contains("not a readable file"));
    }

    #[test]
    fn refuses_a_leeway_that_is_no_number_from_0_to_60() {
        for leeway in ["61", "-1", "1.5", "ten", "0x10", "18446744073709551616"] {
            assert_eq!(faults(&[ISSUERS, ("CLOCK_LEEWAY_SECONDS", leeway)]).len(), 1, "{leeway}");
        }
    }

    #[test]
    fn never_quotes_a_value_that_may_be_secret() {
        for variable in ["TRUSTED_ISSUERS", "CLOCK_LEEWAY_SECONDS"] {
            let faults = faults(&[ISSUERS, (variable, "hunter2")]);
            assert!(!faults.is_empty() && !faults.concat().contains("hunter2"), "{faults:?}");
        }
    }

    #[test]
    fn reads_issuers_from_a_bundled_file() {
        let folder = std::env::temp_dir();
        std::fs::write(folder.join("brevet-issuers-test.json"), ISSUERS.1).unwrap();
        let root = folder.to_str().unwrap();
        assert_eq!(
            faults(&[("TRUSTED_ISSUERS_FILE", "brevet-issuers-test.json"), ("LAMBDA_TASK_ROOT", root)]),
            Vec::<String>::new()
        );
    }
}
