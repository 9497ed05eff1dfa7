//! `ROUTE_POLICY=mappings`: what a job may call is in rows named `api.<API_NAME>`.

use std::sync::Arc;

use brevet_function_kit::{Budget, DenialDetail, MappingKey, Telemetry, Trail, unix_now};
use brevet_identity::Principal;
use brevet_mapping_store::{MappingStore, StoreUnavailable};
use brevet_policy::{ApiName, Finding, Reading, RouteEntitlement, entitlement, scopes_of};
use serde_json::json;

use crate::answer::Failed;
use crate::app::cannot_tell;
use crate::context::{Context, full_reason, principal_id};
use crate::event::Call;
use crate::resources::Resources;
use crate::verdict::Verdict;

/// The rows, and which of them are this API's.
pub(crate) struct Routes {
    pub(crate) store: MappingStore,
    pub(crate) api: ApiName,
    pub(crate) denial_detail: DenialDetail,
}

impl Routes {
    pub(crate) async fn verdict(
        &self,
        call: &Call,
        principal: &Arc<Principal>,
        budget: Budget,
        telemetry: &Telemetry,
        trail: &mut Trail,
    ) -> Result<Verdict, Failed> {
        let now = unix_now();
        let scopes = scopes_of(principal);
        let asking = budget.run(self.store.rows_named(&scopes, self.api.mapping_name(), now));
        let readings = trail.timed("MappingsLatency", asking).await.unwrap_or(Err(StoreUnavailable::TimedOut));
        let readings = readings.map_err(|fault| cannot_tell(trail, "mappings_unavailable", fault.to_string()))?;
        for invalid in readings.iter().filter_map(Reading::invalid) {
            telemetry.invalid_mapping(invalid);
        }
        let entitlement = entitlement(principal, &readings, &self.api, now);
        let resources = Resources::of(&call.arn, &entitlement);
        if !resources.say_all {
            let advice = "an IAM policy cannot say all routes of this job at once; a cached answer may refuse too much";
            telemetry.warn("routes_not_expressible", advice);
        }
        Ok(self.weigh(call, principal, &entitlement, resources))
    }

    fn weigh(
        &self,
        call: &Call,
        principal: &Arc<Principal>,
        entitlement: &RouteEntitlement,
        resources: Resources,
    ) -> Verdict {
        let mut context = Context::of_job(principal);
        let code = match entitlement.denial() {
            Some(denial) => {
                let reason = match self.denial_detail {
                    DenialDetail::Own => denial.message().to_owned(),
                    DenialDetail::Full => full_reason(denial),
                };
                context.add_reason(denial.code().as_str(), &reason);
                denial.code().as_str()
            }
            None => {
                // True of every route that is refused, because the answer may be cached for the next one.
                let open: Vec<String> = entitlement.allow().iter().map(ToString::to_string).collect();
                let reason = format!("this job may call nothing here but `{}`", open.join("`, `"));
                context.add_reason("conditions_not_met", &reason);
                "conditions_not_met"
            }
        };
        let granting = entitlement.trace().iter().find(|line| line.finding == Finding::Grants);
        Verdict {
            principal_id: principal_id(principal),
            refusal: (!resources.permit(&call.arn)).then_some(code),
            resources,
            context,
            usage_plan_key: entitlement.usage_plan_key().map(str::to_owned),
            mapping: granting.map(|line| MappingKey {
                scope: line.scope.clone(),
                name: line.name.clone(),
                version: line.version.clone(),
            }),
            trace: json!(entitlement.trace()),
        }
    }
}
