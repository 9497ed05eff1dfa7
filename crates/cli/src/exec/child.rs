//! What the command finds in its environment: the session, and nothing that leads elsewhere.

use std::ffi::OsString;

use crate::competition::COMPETING_VARIABLES;
use crate::environment::Environment;
use crate::token::{IdToken, TOKEN_VARIABLES};

/// The difference between our environment and the command's.
pub(super) struct ChildEnvironment {
    /// Variables the command is not given.
    pub removed: Vec<OsString>,
    /// Variables it is given; secret.
    pub set: Vec<(OsString, OsString)>,
}

impl ChildEnvironment {
    /// Takes the ID token away wherever it is, and whatever AWS tools would prefer to the session.
    ///
    /// The file of shared credentials goes with it: its keys belong to somebody else. The configuration file stays, for
    /// its regions and for profiles with `credential_source = EcsContainer`, which build on this session.
    pub(super) fn new(
        environment: &Environment,
        token: &IdToken,
        session: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let mut removed: Vec<OsString> =
            COMPETING_VARIABLES.iter().chain(&TOKEN_VARIABLES).map(OsString::from).collect();
        removed.push("AWS_CONTAINER_CREDENTIALS_FULL_URI".into());
        removed.extend(environment.names_that_hold(token.expose()).map(OsString::from));
        let mut set: Vec<(OsString, OsString)> =
            session.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        set.push(("AWS_SHARED_CREDENTIALS_FILE".into(), "/dev/null".into()));
        Self { removed, set }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

    fn child(variables: &[(&str, &str)]) -> ChildEnvironment {
        let environment = variables.iter().copied().collect();
        ChildEnvironment::new(&environment, &IdToken::parse(TOKEN).unwrap(), [("AWS_ACCESS_KEY_ID", "ASIA".to_owned())])
    }

    #[test]
    fn takes_the_id_token_away_under_whatever_name_it_is_there() {
        let bearer = format!("Bearer {TOKEN}");
        let child = child(&[("MY_TOKEN", TOKEN), ("HEADER", &bearer), ("OTHER", "a.b.c"), ("BREVET_URL", "https://x")]);
        for name in
            ["MY_TOKEN", "HEADER", "BREVET_ID_TOKEN", "BREVET_ID_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        {
            assert!(child.removed.contains(&name.into()), "{name}");
        }
        for name in ["OTHER", "BREVET_URL"] {
            assert!(!child.removed.contains(&name.into()), "{name}");
        }
    }

    #[test]
    fn takes_away_what_aws_tools_would_prefer() {
        let child = child(&[]);
        for name in COMPETING_VARIABLES {
            assert!(child.removed.contains(&name.into()), "{name}");
        }
        assert!(child.set.contains(&("AWS_SHARED_CREDENTIALS_FILE".into(), "/dev/null".into())));
        assert!(!child.set.iter().any(|(name, _)| name == "AWS_CONFIG_FILE"));
    }
}
