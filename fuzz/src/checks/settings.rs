use std::collections::HashMap;

use brevet_function_kit::Environment;

/// The environment of both functions, as a JSON object: either faults that quote nothing long, or settings in which what
/// must be said is said.
pub fn settings(data: &[u8]) {
    let Ok(mut variables) = serde_json::from_slice::<HashMap<String, String>>(data) else { return };
    // It names a file, and a fuzzer must not go through this machine's.
    variables.remove("TRUSTED_ISSUERS_FILE");
    let said = |name: &str| variables.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let environment = Environment::from(variables.clone());

    let authorizer = brevet_authorizer::Settings::read(&environment);
    let credentials = brevet_credentials::Settings::read(&environment);
    for faults in [authorizer.as_ref().err(), credentials.as_ref().err()].into_iter().flatten() {
        assert!(!faults.0.is_empty(), "refused without a reason");
        // Members of the issuers are named, whatever else is called like one.
        let issuers = said("TRUSTED_ISSUERS").unwrap_or_default();
        for (name, value) in variables.iter().filter(|(_, value)| value.len() >= 12 && !issuers.contains(*value)) {
            assert!(!faults.to_string().contains(value.as_str()), "the value of {name} is told: {faults}");
        }
    }
    let counted =
        |name: &str, most: u64| said(name).is_none_or(|text| text.parse::<u64>().is_ok_and(|number| number <= most));
    if authorizer.is_ok() || credentials.is_ok() {
        assert!(said("TRUSTED_ISSUERS").is_some() && counted("CLOCK_LEEWAY_SECONDS", 60));
    }
    if authorizer.is_ok() {
        assert!(matches!(said("ROUTE_POLICY"), Some("authenticated" | "mappings")), "decided by default");
        assert!(matches!(said("AUTHORIZER_RESPONSE"), None | Some("iam" | "simple")));
        let by_mappings = said("ROUTE_POLICY") == Some("mappings");
        assert!(!by_mappings || (said("ROLE_MAPPING_TABLE").is_some() && said("API_NAME").is_some()));
    }
    if credentials.is_ok() {
        assert!(said("ROLE_MAPPING_TABLE").is_some() && said("TOKEN_USE_TABLE").is_some());
        assert!(counted("MAPPING_CACHE_SECONDS", 3_600));
    }
}
