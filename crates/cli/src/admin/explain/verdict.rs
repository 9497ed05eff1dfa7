use brevet_identity::{Principal, Rejection};
use brevet_policy::{
    ApiName, MappingName, Narrowing, Outcome, Reading, SessionRequest, TraceLine, decide, entitlement,
};
use serde_json::Value;

use super::session;

/// What the code of the functions says.
pub(super) struct Verdict {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) trace: Vec<TraceLine>,
    pub(super) routes: (Vec<String>, Vec<String>),
    pub(super) sts: Option<Value>,
    /// Key of the row that grants a role.
    pub(super) granting: Option<(String, String)>,
}

impl Verdict {
    pub(super) fn of_role(job: &Principal, readings: &[Reading], asked: &MappingName, at: u64) -> Self {
        let outcome = decide(job, readings, asked, at);
        let trace = outcome.trace().to_vec();
        let routes = (Vec::new(), Vec::new());
        match outcome {
            Outcome::Denied(denial) => {
                let (code, message) = (denial.code().as_str().to_owned(), denial.message().to_owned());
                Self { code, message, trace, routes, sts: None, granting: None }
            }
            Outcome::Granted(grant) => {
                let granting = Some((grant.scope().to_string(), grant.mapping().to_string()));
                match SessionRequest::build(&grant, job, &Narrowing::default()) {
                    Ok(request) => {
                        let message = format!("the row `{}` of `{}` grants it", grant.mapping(), grant.scope());
                        let (code, sts) = ("granted".to_owned(), Some(session::call(&request)));
                        Self { code, message, trace, routes, sts, granting }
                    }
                    Err(fault) => {
                        let code = "conditions_not_met".to_owned();
                        Self { code, message: fault.to_string(), trace, routes, sts: None, granting }
                    }
                }
            }
        }
    }

    /// What the rows say does not matter where the token is refused.
    pub(super) fn of_no_use(self, rejection: &Rejection) -> Self {
        let message = format!("Brevet refuses the token before it looks at any row: {rejection}");
        Self { code: rejection.code().to_owned(), message, sts: None, granting: None, ..self }
    }

    pub(super) fn of_routes(
        job: &Principal,
        readings: &[Reading],
        api: &ApiName,
        route: Option<&(String, String)>,
        at: u64,
    ) -> Self {
        let entitlement = entitlement(job, readings, api, at);
        let (code, message) = match (entitlement.denial(), route) {
            (Some(denial), _) => (denial.code().as_str(), denial.message().to_owned()),
            (None, Some((method, path))) if !entitlement.permits(method, path) => {
                ("route_not_granted", format!("no row opens `{method} {path}` to this job, or one closes it"))
            }
            (None, _) => ("granted", "the job may call the open routes".to_owned()),
        };
        let list = |routes: &[brevet_policy::RoutePattern]| routes.iter().map(ToString::to_string).collect();
        Self {
            code: code.to_owned(),
            message,
            trace: entitlement.trace().to_vec(),
            routes: (list(entitlement.allow()), list(entitlement.deny())),
            sts: None,
            granting: None,
        }
    }
}
