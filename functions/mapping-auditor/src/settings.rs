use brevet_function_kit::{Environment, Reader, SettingsFaults};
use brevet_review::LintOptions;

/// The function's settings.
pub struct Settings {
    pub(crate) metrics_namespace: String,
    pub(crate) lint: LintOptions,
}

impl Settings {
    /// Reads `METRICS_NAMESPACE`, `ROLE_PATH` and `BREVET_ACCOUNT`, or names every fault in them.
    pub fn read(environment: &Environment) -> Result<Self, SettingsFaults> {
        let mut reader = Reader::new(environment);
        let metrics_namespace = reader.optional("METRICS_NAMESPACE").unwrap_or_else(|| "Brevet".to_owned());
        let role_path = reader.required("ROLE_PATH");
        if !role_path.is_empty() && !is_role_path(&role_path) {
            reader.fault("ROLE_PATH must be an IAM path between slashes, and not `/`");
        }
        let account = reader.required("BREVET_ACCOUNT");
        if !account.is_empty() && !is_account(&account) {
            reader.fault("BREVET_ACCOUNT must be the 12 digits of an AWS account");
        }
        let lint = LintOptions { role_path, account: Some(account), ..LintOptions::default() };
        reader.finish(Some(Self { metrics_namespace, lint }))
    }
}

fn is_role_path(text: &str) -> bool {
    text.len() > 1 && text.starts_with('/') && text.ends_with('/')
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn faults(variables: &[(&str, &str)]) -> Vec<String> {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let environment = Environment::from(owned.collect::<HashMap<_, _>>());
        Settings::read(&environment).err().map(|faults| faults.0).unwrap_or_default()
    }

    #[test]
    fn names_every_fault_at_once() {
        assert_eq!(faults(&[]), ["ROLE_PATH is missing", "BREVET_ACCOUNT is missing"]);
        for path in ["/", "brevet", "/brevet", "brevet/"] {
            let faults = faults(&[("ROLE_PATH", path), ("BREVET_ACCOUNT", "1111")]);
            assert!(faults[0].starts_with("ROLE_PATH must") && faults[1].starts_with("BREVET_ACCOUNT must"), "{path}");
        }
    }

    #[test]
    fn accepts_what_the_deployment_sets() {
        let deployed = [("ROLE_PATH", "/brevet/"), ("BREVET_ACCOUNT", "111122223333")];
        assert_eq!(faults(&deployed), Vec::<String>::new());
    }
}
