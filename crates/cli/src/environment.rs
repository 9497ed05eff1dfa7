//! The variables of the process, read once. No other file reads the environment; tests bring a map.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;

/// Names and values. They hold secrets, so `Debug` shows names alone.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    /// The environment of this process.
    pub fn of_this_process() -> Self {
        Self(env::vars_os().collect())
    }

    /// A variable's value; one that is empty or not UTF-8 counts as absent. GitLab sets variables without a value too.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(OsStr::new(name)).and_then(|value| value.to_str()).filter(|value| !value.is_empty())
    }

    /// Whether a variable is there, with any value, even an empty one.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(OsStr::new(name))
    }

    /// All names and values; many of them secret.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// Names of the variables in whose value this text occurs.
    pub fn names_that_hold<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a OsStr> {
        let holds = move |value: &OsString| value.to_string_lossy().contains(text);
        self.0.iter().filter(move |(_, value)| holds(value)).map(|(name, _)| name.as_os_str())
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_a_value() {
        let environment: Environment = [("BREVET_ID_TOKEN", "very-secret")].into_iter().collect();
        assert_eq!(format!("{environment:?}"), r#"{"BREVET_ID_TOKEN"}"#);
    }

    #[test]
    fn takes_an_empty_variable_for_an_absent_one() {
        let environment: Environment = [("EMPTY", "")].into_iter().collect();
        assert_eq!((environment.text("EMPTY"), environment.has("EMPTY")), (None, true));
    }
}
