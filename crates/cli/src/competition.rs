//! What else AWS tools would take credentials from. One table: `exec` removes it from the child's environment, `doctor`
//! tells which of it is there. Names only, never values.

use std::fs;
use std::path::PathBuf;

use crate::environment::Environment;

/// Variables that AWS SDKs prefer to the container endpoint, or that would lead them to another one.
pub(crate) const COMPETING_VARIABLES: [&str; 13] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CREDENTIAL_FILE",
];

/// Settings of a profile that make it a source of credentials.
const SOURCES: [&str; 6] =
    ["aws_access_key_id", "credential_process", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"];

/// The competing variables that are set.
pub(crate) fn competing_variables(environment: &Environment) -> Vec<&'static str> {
    COMPETING_VARIABLES.into_iter().filter(|name| environment.has(name)).collect()
}

/// The file of shared credentials, if its default profile brings some: SDKs look there before they ask the endpoint.
pub(crate) fn competing_credentials_file(environment: &Environment) -> Option<PathBuf> {
    competing_file(environment, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")
}

/// The configuration file, if its default profile brings credentials.
pub(crate) fn competing_config_file(environment: &Environment) -> Option<PathBuf> {
    competing_file(environment, "AWS_CONFIG_FILE", ".aws/config")
}

fn competing_file(environment: &Environment, variable: &str, usual: &str) -> Option<PathBuf> {
    let named = environment.text(variable).map(PathBuf::from);
    let path = named.or_else(|| environment.text("HOME").map(|home| PathBuf::from(home).join(usual)))?;
    fs::read_to_string(&path).is_ok_and(|text| names_a_source(&text)).then_some(path)
}

/// Whether the default profile of an INI file says where credentials come from.
fn names_a_source(text: &str) -> bool {
    let mut in_default = false;
    text.lines().map(str::trim).any(|line| {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            in_default = matches!(section.trim(), "default" | "profile default");
        }
        let key = line.split_once('=').map(|(key, _)| key.trim().to_ascii_lowercase());
        in_default && key.is_some_and(|key| SOURCES.contains(&key.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_default_profile_that_brings_credentials() {
        let cases = [
            ("[default]\naws_access_key_id = AKIA\n", true),
            ("[ profile default ]\ncredential_process=x\n", true),
            ("[default]\nregion = eu-west-1\n[other]\naws_access_key_id = AKIA\n", false),
            ("[default]\n# role_arn = x\n", false),
            ("", false),
        ];
        for (text, found) in cases {
            assert_eq!(names_a_source(text), found, "{text}");
        }
    }

    #[test]
    fn notices_a_variable_that_is_set_to_nothing() {
        let environment: Environment = [("AWS_PROFILE", ""), ("AWS_REGION", "eu-west-1")].into_iter().collect();
        assert_eq!(competing_variables(&environment), ["AWS_PROFILE"]);
    }
}
