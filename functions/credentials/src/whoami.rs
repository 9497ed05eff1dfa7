use brevet_function_kit::{Budget, Trail};
use serde_json::json;

use crate::app::App;
use crate::ask::no_query;
use crate::event::Request;
use crate::failure::Failure;
use crate::response::Response;

impl App {
    /// The identity as any backend behind the authorizer receives it.
    pub(crate) async fn whoami(
        &self,
        request: &Request,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<Response, Failure> {
        self.authenticate(request, budget, trail).await?;
        request.require_authorizer()?;
        no_query(request)?;
        (trail.line.decision, trail.line.code) = ("answered", "shown");
        Ok(Response::ok("application/json", json!(request.authorizer).to_string()))
    }
}

impl Request {
    /// Identity is only what an authorizer put there. A route without one fails closed.
    pub(crate) fn require_authorizer(&self) -> Result<(), Failure> {
        let attached = self.authorizer.contains_key("jti");
        if attached {
            Ok(())
        } else {
            Err(Failure::Misconfigured("no authorizer is attached to this route".to_owned()))
        }
    }
}
