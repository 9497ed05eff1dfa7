use brevet_tests::runtime_api::InvokeError;
use hyper::body::Bytes;
use serde_json::Value;

use crate::mix::{Function, Request};
use crate::watch::is_telling;

/// What a caller, or API Gateway, makes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Code(String),
    /// The authorizer's error that becomes 401.
    Unauthorized,
    /// Any other error of the authorizer's, which becomes 500.
    CannotTell,
    /// Nothing that the contract knows, and why.
    Broken(String),
}

impl Verdict {
    pub(crate) fn of(function: Function, request: &Request, answer: Result<Bytes, InvokeError>) -> Self {
        match (function, answer) {
            (Function::Credentials, Ok(body)) => of_credentials(request, &body),
            (Function::Authorizer, Ok(body)) => of_authorizer(request, &body),
            (Function::Authorizer, Err(InvokeError::Function(error))) => {
                let report: Value = serde_json::from_slice(&error.body).unwrap_or_default();
                let unauthorized = report.get("errorMessage").is_some_and(|message| message == "Unauthorized");
                if unauthorized { Self::Unauthorized } else { Self::CannotTell }
            }
            (_, Err(error)) => Self::Broken(error.to_string()),
        }
    }

    /// Whether the audit line says the same.
    pub(crate) fn agrees_with(&self, audited: &str) -> bool {
        let cannot_tell = ["keys_unavailable", "mappings_unavailable"].contains(&audited);
        match self {
            Self::Code(code) => code == audited,
            Self::Unauthorized => {
                audited.starts_with("token_") || ["audience_not_accepted", "not_a_job_token"].contains(&audited)
            }
            Self::CannotTell => cannot_tell,
            Self::Broken(_) => false,
        }
    }
}

fn of_credentials(request: &Request, answer: &[u8]) -> Verdict {
    let broken = |why: &str| Verdict::Broken(format!("{why}: {}", String::from_utf8_lossy(answer)));
    let Ok(answer) = serde_json::from_slice::<Value>(answer) else { return broken("no JSON") };
    let text = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    let Ok(body) = serde_json::from_str::<Value>(text) else { return broken("no JSON in the body") };
    let field = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let granted = answer.get("statusCode").is_some_and(|status| status == 200);
    let session = request.expected.session.as_deref();
    match (granted, session) {
        (true, Some(session)) if field("AssumedRoleArn").ends_with(&format!("/{session}")) => {
            Verdict::Code("granted".to_owned())
        }
        (true, _) => broken("a session of somebody else"),
        (false, _) if is_telling(text) => broken("a secret in a refusal"),
        (false, _) => Verdict::Code(field("code").to_owned()),
    }
}

fn of_authorizer(request: &Request, answer: &[u8]) -> Verdict {
    let broken = |why: &str| Verdict::Broken(format!("{why}: {}", String::from_utf8_lossy(answer)));
    let Ok(policy) = serde_json::from_slice::<Value>(answer) else { return broken("no JSON") };
    if is_telling(&policy.to_string()) {
        return broken("a secret in a policy");
    }
    let Some(statements) = policy.pointer("/policyDocument/Statement").and_then(Value::as_array) else {
        return broken("no policy");
    };
    let says = |effect: &str| {
        let of_effect = statements.iter().filter(|statement| statement.get("Effect").is_some_and(|is| is == effect));
        let resources = of_effect.filter_map(|statement| statement.get("Resource")?.as_array()).flatten();
        resources.filter_map(Value::as_str).any(|arn| opens(arn, request.route))
    };
    if says("Allow") && !says("Deny") {
        return Verdict::Code("granted".to_owned());
    }
    match policy.pointer("/context/reason_code").and_then(Value::as_str) {
        Some(code) => Verdict::Code(code.to_owned()),
        None => broken("a refusal without a reason"),
    }
}

/// Whether an ARN of a policy covers a route, `GET/whoami`: the wildcards of IAM, after the API and its stage.
fn opens(arn: &str, route: &str) -> bool {
    let pattern = arn.splitn(3, '/').nth(2).unwrap_or(if arn.ends_with("/*") { "*" } else { arn });
    matches(pattern.as_bytes(), route.as_bytes())
}

fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if matches(rest, text) => true,
        (Some((b'*', _)), Some((_, text))) => matches(pattern, text),
        (Some((b'?', rest)), Some((_, text))) => matches(rest, text),
        (Some((one, rest)), Some((other, text))) => one == other && matches(rest, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_policy_to_open_what_api_gateway_would_open_for_it() {
        let api = "arn:aws:execute-api:eu-central-1:111122223333:a1/v1";
        for (resource, route, expected) in [
            ("/GET/whoami", "GET/whoami", true),
            ("/GET/reports/*", "GET/reports/7", true),
            ("/*", "DELETE/reports/7", true),
            ("/GET/whoami", "GET/whoami/x", false),
            ("/GET/reports/*", "POST/reports/7", false),
        ] {
            assert_eq!(opens(&format!("{api}{resource}"), route), expected, "{resource} {route}");
        }
    }
}
