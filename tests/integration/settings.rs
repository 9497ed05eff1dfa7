//! What the functions say of an environment they cannot work in: everything at once, by the variable's name.

use std::collections::HashMap;

use brevet_function_kit::{Environment, SettingsFaults};

/// Good settings of both functions.
const GOOD: [(&str, &str); 6] = [
    ("TRUSTED_ISSUERS", r#"[{"issuer":"https://gitlab.example.com","audiences":["https://brevet.example.com"]}]"#),
    ("ROLE_MAPPING_TABLE", "role-mappings"),
    ("TOKEN_USE_TABLE", "token-uses"),
    ("ROUTE_POLICY", "mappings"),
    ("API_NAME", "reports"),
    ("METRICS_NAMESPACE", "Brevet"),
];

/// The good settings with some changed; an empty value counts as not set.
fn with(changes: &[(&str, &str)]) -> Environment {
    let all = GOOD.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Environment::from(all.collect::<HashMap<_, _>>())
}

fn authorizer(changes: &[(&str, &str)]) -> Vec<String> {
    faults(brevet_authorizer::Settings::read(&with(changes)).map(drop))
}

fn credentials(changes: &[(&str, &str)]) -> Vec<String> {
    faults(brevet_credentials::Settings::read(&with(changes)).map(drop))
}

fn faults(outcome: Result<(), SettingsFaults>) -> Vec<String> {
    outcome.err().map(|SettingsFaults(faults)| faults).unwrap_or_default()
}

#[test]
fn both_functions_name_the_one_variable_that_is_wrong() {
    let of_both = [
        ("TRUSTED_ISSUERS", ""),
        ("TRUSTED_ISSUERS", "[]"),
        ("TRUSTED_ISSUERS", r#"[{"issuer":"http://gitlab.example.com","audiences":["x"]}]"#),
        ("TRUSTED_ISSUERS", r#"[{"issuer":"https://gitlab.example.com","audiences":[]}]"#),
        ("TRUSTED_ISSUERS", r#"[{"issuer":"https://gitlab.example.com","audiences":["*"]}]"#),
        ("TRUSTED_ISSUERS", r#"[{"issuer":"https://gitlab.example.com","audience":"x","audiences":["x"]}]"#),
        ("TRUSTED_ISSUERS_FILE", "issuers.json"),
        ("CLOCK_LEEWAY_SECONDS", "61"),
        ("MAPPING_CACHE_SECONDS", "soon"),
        ("DENIAL_DETAIL", "everything"),
        ("ROLE_MAPPING_TABLE", ""),
    ];
    for (name, value) in of_both {
        for faults in [authorizer(&[(name, value)]), credentials(&[(name, value)])] {
            assert!(
                !faults.is_empty() && faults.iter().all(|fault| fault.starts_with(name) || fault.contains(name)),
                "{name}={value}: {faults:?}"
            );
        }
    }
}

#[test]
fn the_authorizer_has_no_default_for_what_a_job_may_call() {
    for (name, value) in [
        ("ROUTE_POLICY", ""),
        ("ROUTE_POLICY", "all"),
        ("API_NAME", ""),
        ("API_NAME", "Reports API"),
        ("AUTHORIZER_RESPONSE", "yes"),
    ] {
        let faults = authorizer(&[(name, value)]);
        assert!(faults.len() == 1 && faults[0].starts_with(name), "{name}={value}: {faults:?}");
    }
}

#[test]
fn the_authorizer_needs_a_table_only_where_rows_decide() {
    let without = [("ROUTE_POLICY", "authenticated"), ("ROLE_MAPPING_TABLE", ""), ("API_NAME", "")];
    assert_eq!(authorizer(&without), Vec::<String>::new());
}

#[test]
fn the_credentials_function_needs_its_ledger() {
    assert_eq!(credentials(&[("TOKEN_USE_TABLE", "")]), ["TOKEN_USE_TABLE is missing"]);
}

#[test]
fn every_fault_is_told_at_once() {
    let faults = credentials(&[
        ("TRUSTED_ISSUERS", ""),
        ("ROLE_MAPPING_TABLE", ""),
        ("TOKEN_USE_TABLE", ""),
        ("DENIAL_DETAIL", "x"),
    ]);
    assert_eq!(faults.len(), 4, "{faults:?}");
}

#[test]
fn good_settings_have_no_fault() {
    assert_eq!((authorizer(&[]), credentials(&[])), (Vec::new(), Vec::new()));
}
