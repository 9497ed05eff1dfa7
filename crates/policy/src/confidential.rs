use std::fmt;

/// A text that must not be printed by accident: `Debug` does not show it, and it has neither `Display` nor `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Confidential(String);

impl Confidential {
    /// Seals a text.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for whom it is meant.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Confidential(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::decision::{Outcome, decide, entitlement};
    use crate::name::{ApiName, MappingName};
    use crate::session::{Narrowing, SessionRequest};
    use crate::test_support::{NOW, api_row, principal, row, valid};

    #[test]
    fn keeps_the_key_of_a_usage_plan_out_of_whatever_is_printed() {
        let readings = [valid(&api_row(json!({"usage_plan_key": "not-for-any-log-anywhere"})))];
        let entitlement = entitlement(&principal(), &readings, &ApiName::parse("reports").unwrap(), NOW);
        assert_eq!(entitlement.usage_plan_key(), Some("not-for-any-log-anywhere"));
        assert!(!format!("{readings:?} {entitlement:?}").contains("not-for-any-log"));
    }

    #[test]
    fn keeps_an_external_id_out_of_whatever_is_printed() {
        let readings = [valid(&row(json!({"external_id": "not-for-any-log"})))];
        let outcome = decide(&principal(), &readings, &MappingName::parse("deploy").unwrap(), NOW);
        let Outcome::Granted(grant) = &outcome else { panic!("denied") };
        let request = SessionRequest::build(grant, &principal(), &Narrowing::default()).unwrap();
        let printed = format!("{readings:?} {outcome:?} {request:?}");
        assert!(printed.contains("external_id: Some(Confidential(redacted))") && !printed.contains("not-for-any-log"));
    }
}
