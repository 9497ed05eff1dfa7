//! What the backend learns of the caller: flat strings, because REST APIs pass nothing else on.

use std::collections::BTreeMap;

use brevet_identity::Principal;
use brevet_policy::Denial;

/// Keys and values of the authorizer's context.
pub(crate) type Context = BTreeMap<String, String>;

/// Every single-valued claim under its own name, and `issuer`, `exp` and `jti`.
pub(crate) fn of_principal(principal: &Principal) -> Context {
    let mut context: Context = principal.claims().map(|(name, value)| (name.to_string(), value.to_owned())).collect();
    context.insert("issuer".to_owned(), principal.issuer().to_owned());
    context.insert("jti".to_owned(), principal.jti().to_owned());
    context.insert("exp".to_owned(), principal.expires_at().to_string());
    context
}

/// Why the gateway says no, for its response template.
pub(crate) fn add_reason(context: &mut Context, code: &str, reason: &str) {
    context.insert("reason_code".to_owned(), code.to_owned());
    context.insert("reason".to_owned(), safe_in_json(reason));
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
    use super::*;

    #[test]
    fn a_reason_cannot_break_out_of_the_gateways_json() {
        let mut context = Context::new();
        add_reason(&mut context, "conditions_not_met", "this job presented `x\", \"code\": \"granted\\` \n\u{0}");
        let body = format!(r#"{{"message":"{}"}}"#, context["reason"]);
        let read: BTreeMap<String, String> = serde_json::from_str(&body).unwrap();
        assert_eq!(read.len(), 1);
    }
}
