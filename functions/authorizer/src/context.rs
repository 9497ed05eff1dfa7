//! What the backend learns of the caller: flat strings, because REST APIs pass nothing else on.

use std::sync::Arc;

use brevet_identity::Principal;
use brevet_policy::Denial;
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// Keys and values of the authorizer's context.
#[derive(Default)]
pub(crate) struct Context {
    job: Option<Arc<Principal>>,
    refusal: Option<Refusal>,
}

struct Refusal {
    code: &'static str,
    reason: String,
}

impl Context {
    /// Every single-valued claim under its own name, and `issuer` and `exp`.
    pub(crate) fn of_job(principal: &Arc<Principal>) -> Self {
        Self { job: Some(Arc::clone(principal)), refusal: None }
    }

    /// Why the gateway says no, for its response template.
    pub(crate) fn add_reason(&mut self, code: &'static str, reason: &str) {
        self.refusal = Some(Refusal { code, reason: safe_in_json(reason) });
    }
}

impl Serialize for Context {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut context = serializer.serialize_map(None)?;
        if let Some(job) = &self.job {
            for (name, value) in job.claims() {
                context.serialize_entry(name.as_str(), value)?;
            }
            context.serialize_entry("issuer", job.issuer())?;
            context.serialize_entry("exp", &job.expires_at().to_string())?;
        }
        if let Some(refusal) = &self.refusal {
            context.serialize_entry("reason_code", refusal.code)?;
            context.serialize_entry("reason", &refusal.reason)?;
        }
        context.end()
    }
}

/// A sentence for a denial that also shows what would have matched.
pub(crate) fn full_reason(denial: &Denial) -> String {
    let required: Vec<&str> =
        denial.denials().iter().flat_map(|reason| reason.required()).map(String::as_str).collect();
    if required.is_empty() {
        denial.message().to_owned()
    } else {
        format!("{}; it requires one of `{}`", denial.message(), required.join("`, `"))
    }
}

/// `<issuer host>/project/<id>/job/<id>`.
pub(crate) fn principal_id(principal: &Principal) -> String {
    let root = principal.issuer_without_scheme();
    let host = root.split('/').next().unwrap_or(root);
    format!("{host}/project/{}/job/{}", principal.project_id(), principal.job_id())
}

/// Longer sentences are cut: the whole context shares API Gateway's 8 KB with the policy.
const LONGEST_REASON: usize = 500;

/// A gateway response puts the sentence between quotation marks as it is, so nothing in it may end them.
fn safe_in_json(text: &str) -> String {
    let text = text.chars().take(LONGEST_REASON);
    text.map(|character| if character.is_control() || matches!(character, '"' | '\\') { '?' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_reason_cannot_break_out_of_the_gateways_json() {
        let mut context = Context::default();
        context.add_reason("conditions_not_met", "this job presented `x\", \"code\": \"granted\\` \n\u{0}");
        let context = serde_json::to_value(context).unwrap();
        let body = format!(r#"{{"message":"{}"}}"#, context["reason"].as_str().unwrap());
        let read: BTreeMap<String, String> = serde_json::from_str(&body).unwrap();
        assert_eq!(read.len(), 1);
    }
}
