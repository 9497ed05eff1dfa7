use serde_json::json;

use crate::app::App;
use crate::event::Request;
use crate::failure::Failure;
use crate::response::Response;

impl App {
    /// The identity as any backend behind the authorizer receives it.
    pub(crate) fn whoami(&self, request: &Request) -> Result<Response, Failure> {
        request.require_authorizer()?;
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
