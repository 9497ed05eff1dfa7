use std::fmt;

/// What marks the rows that are for the authorizer.
const API_PREFIX: &str = "api.";

/// What a job asks for: `[a-z0-9][a-z0-9._-]{0,63}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct MappingName(String);

/// The name under which an API's routes are listed: `[a-z0-9][a-z0-9._-]{0,59}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiName(MappingName);

/// The sort key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowName {
    /// One name.
    One(MappingName),
    /// `*`: every name. On deny rows only.
    Every,
}

impl MappingName {
    /// Reads a name, or says nothing more than that it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text, 64).then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether rows of this name list routes for the authorizer instead of giving a role.
    pub fn is_api(&self) -> bool {
        self.0.starts_with(API_PREFIX)
    }
}

impl ApiName {
    /// Reads the name of an API, without the `api.` of its rows.
    pub fn parse(text: &str) -> Option<Self> {
        is_name(text, 60).then(|| Self(MappingName(format!("{API_PREFIX}{text}"))))
    }

    /// The name of the API's rows.
    pub fn mapping_name(&self) -> &MappingName {
        &self.0
    }
}

impl RowName {
    /// Reads the sort key of a row.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "*" { Some(Self::Every) } else { MappingName::parse(text).map(Self::One) }
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        match self {
            Self::One(name) => name.as_str(),
            Self::Every => "*",
        }
    }

    /// Whether a row of this name has a say when `name` is asked for.
    pub fn covers(&self, name: &MappingName) -> bool {
        match self {
            Self::One(own) => own == name,
            Self::Every => true,
        }
    }
}

fn is_name(text: &str, longest: usize) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let first = text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    first && text.len() <= longest && text.bytes().all(inside)
}

impl fmt::Display for MappingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for RowName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_names_outside_the_character_set_or_length() {
        let long = "a".repeat(65);
        for text in [
            "", "*", "Deploy", "-deploy", ".deploy", "_x", "de ploy", "deploy\n", "deploy/x", "dëploy", "deploy*",
            &long,
        ] {
            assert_eq!(MappingName::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_an_api_name_whose_rows_could_not_be_named() {
        assert_eq!(ApiName::parse(&"a".repeat(61)), None);
        let longest = ApiName::parse(&"a".repeat(60)).unwrap();
        assert!(MappingName::parse(longest.mapping_name().as_str()).is_some());
    }

    #[test]
    fn knows_the_rows_of_an_api_by_their_prefix() {
        for (text, api) in
            [("api.reports", true), ("api", false), ("apis", false), ("api-x", false), ("deploy.api", false)]
        {
            assert_eq!(MappingName::parse(text).unwrap().is_api(), api, "{text}");
        }
        assert_eq!(ApiName::parse("reports").unwrap().mapping_name().as_str(), "api.reports");
    }

    #[test]
    fn covers_every_name_with_a_star_and_otherwise_its_own_alone() {
        let deploy = MappingName::parse("deploy").unwrap();
        assert!(RowName::parse("*").unwrap().covers(&deploy));
        assert!(RowName::parse("deploy").unwrap().covers(&deploy));
        assert!(!RowName::parse("deploy-2").unwrap().covers(&deploy));
        assert_eq!(RowName::parse("dep*"), None);
    }
}
