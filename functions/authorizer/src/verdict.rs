use std::sync::Arc;

use brevet_function_kit::MappingKey;
use brevet_identity::{Principal, Rejection};
use serde_json::Value;

use crate::answer::{Answer, Document, Policy, Simple};
use crate::context::{Context, principal_id};
use crate::event::{Call, Shape};
use crate::resources::Resources;

/// What has been decided about a caller, before it is put into one of API Gateway's shapes.
pub(crate) struct Verdict {
    pub(crate) principal_id: String,
    pub(crate) resources: Resources,
    /// The code, if this very request is refused.
    pub(crate) refusal: Option<&'static str>,
    pub(crate) context: Context,
    pub(crate) usage_plan_key: Option<String>,
    /// The row that opens routes to this job, the most specific of them.
    pub(crate) mapping: Option<MappingKey>,
    pub(crate) trace: Value,
}

impl Verdict {
    /// `ROUTE_POLICY=authenticated`: the whole API and stage.
    pub(crate) fn whole_stage(call: &Call, principal: &Arc<Principal>) -> Self {
        Self {
            principal_id: principal_id(principal),
            resources: Resources::whole_stage(&call.arn),
            refusal: None,
            context: Context::of_job(principal),
            usage_plan_key: None,
            mapping: None,
            trace: Value::Null,
        }
    }

    /// Nothing, with the reason.
    pub(crate) fn unverified(call: &Call, rejection: &Rejection) -> Self {
        let mut context = Context::default();
        context.add_reason(rejection.code(), &rejection.to_string());
        Self {
            principal_id: "unverified".to_owned(),
            resources: Resources::nothing(&call.arn),
            refusal: Some(rejection.code()),
            context,
            usage_plan_key: None,
            mapping: None,
            trace: Value::Null,
        }
    }

    pub(crate) fn into_answer(self, call: &Call, simply: bool) -> Answer {
        if simply {
            return Answer::Simple(Simple { is_authorized: self.refusal.is_none(), context: self.context });
        }
        let resources = if self.resources.allow.is_empty() { Resources::nothing(&call.arn) } else { self.resources };
        let has_usage_plans = matches!(call.shape, Shape::RestToken | Shape::RestRequest | Shape::WebSocket);
        Answer::Policy(Policy {
            principal_id: self.principal_id,
            policy_document: Document::new(resources),
            context: self.context,
            usage_identifier_key: self.usage_plan_key.filter(|_| has_usage_plans),
        })
    }
}
