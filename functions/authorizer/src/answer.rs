//! Where a verdict becomes what API Gateway understands.
//!
//! The types of `aws_lambda_events` would send `null` for what is not there, which API Gateway takes for a broken
//! answer, and their effect defaults to `Allow`.

use crate::context::Context;
use crate::resources::Resources;

/// An answer in one of API Gateway's two shapes.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// An IAM policy.
    Policy(Policy),
    /// Yes or no: HTTP API, format 2.0, where the authorizer is set up for it.
    Simple(Simple),
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub(crate) principal_id: String,
    pub(crate) policy_document: Document,
    pub(crate) context: Context,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage_identifier_key: Option<String>,
}

/// The simple shape.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Simple {
    pub(crate) is_authorized: bool,
    pub(crate) context: Context,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: &'static str,
    effect: &'static str,
    resource: Vec<String>,
}

impl Document {
    pub(crate) fn new(resources: Resources) -> Self {
        let statements = [("Allow", resources.allow), ("Deny", resources.deny)];
        let statement = statements
            .into_iter()
            .filter(|(_, resource)| !resource.is_empty())
            .map(|(effect, resource)| Statement { action: "execute-api:Invoke", effect, resource })
            .collect();
        Self { version: "2012-10-17", statement }
    }
}

/// How the function fails when it fails. API Gateway knows the first by its exact text and answers 401; the other
/// becomes a 500, which is not cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// The token is not accepted.
    #[error("Unauthorized")]
    Unauthorized,
    /// Nothing can be said about the token now.
    #[error("cannot tell")]
    CannotTell,
}

#[cfg(test)]
mod tests {
    use lambda_runtime::Diagnostic;

    use super::*;

    #[test]
    fn the_runtime_passes_on_the_one_text_that_api_gateway_answers_with_401() {
        let diagnostic = Diagnostic::from(lambda_runtime::Error::from(Failed::Unauthorized));
        assert_eq!(diagnostic.error_message, "Unauthorized");
        let diagnostic = Diagnostic::from(lambda_runtime::Error::from(Failed::CannotTell));
        assert_ne!(diagnostic.error_message, "Unauthorized");
    }

    #[test]
    fn an_answer_has_no_null_in_it() {
        let policy = Policy {
            principal_id: "x".to_owned(),
            policy_document: Document::new(Resources { allow: vec!["a".to_owned()], ..Resources::default() }),
            context: Context::default(),
            usage_identifier_key: None,
        };
        let text = serde_json::to_string(&Answer::Policy(policy)).unwrap();
        assert!(!text.contains("null"), "{text}");
        assert!(text.contains(r#"{"Action":"execute-api:Invoke","Effect":"Allow","Resource":["a"]}"#), "{text}");
    }
}
