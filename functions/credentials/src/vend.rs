//! The main job: from a verified job to a session of the role it may have.

use brevet_function_kit::{Budget, MappingKey, Trail, rfc3339, unix_now};
use brevet_identity::Principal;
use brevet_policy::{Grant, MappingName, Outcome, Reading, SessionFault, SessionRequest, decide, scopes_of, survey};

use crate::app::App;
use crate::ask::Ask;
use crate::event::Request;
use crate::failure::Failure;
use crate::format::CredentialsBody;
use crate::opening::Opening;
use crate::response::Response;
use crate::sts::Session;

impl App {
    pub(crate) async fn vend(&self, request: &Request, budget: Budget, trail: &mut Trail) -> Result<Response, Failure> {
        let (token, verified) = self.authenticate(request, budget, trail).await?;
        let principal = verified.principal();
        let ask = Ask::from_request(request)?;
        trail.line.asked_for = ask.role.as_ref().map(ToString::to_string);
        let grant = self.grant(principal, ask.role.as_ref(), budget, trail).await?;
        trail.line.trace = serde_json::json!(grant.trace());
        trail.line.mapping = Some(MappingKey {
            scope: grant.scope().to_string(),
            name: grant.mapping().to_string(),
            version: grant.version().map(str::to_owned),
        });
        let session_request = SessionRequest::build(&grant, principal, &ask.narrowing)?;
        trail.line.role_arn = Some(session_request.role_arn.to_string());
        trail.line.session_name = Some(session_request.session_name.clone());
        let opening = Opening { principal, token: &token, request: &session_request, narrowing: &ask.narrowing };
        let session = self.open_session(opening, grant.max_uses_per_token(), budget, trail).await?;
        let body = self.describe(&session, &session_request, &grant, trail);
        let (content_type, text) = body.write(ask.format);
        Ok(Response::ok(content_type, text))
    }

    async fn grant(
        &self,
        principal: &Principal,
        role: Option<&MappingName>,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<Grant, Failure> {
        let now = unix_now();
        let scopes = scopes_of(principal);
        let Some(name) = role else {
            let readings = budget.run(self.store.rows_in(&scopes));
            let readings = self.rows(trail.timed("MappingsLatency", readings).await)?;
            return only_grant(principal, &readings, now);
        };
        let readings = budget.run(self.store.rows_named(&scopes, name, now));
        let readings = self.rows(trail.timed("MappingsLatency", readings).await)?;
        match decide(principal, &readings, name, now) {
            Outcome::Granted(grant) => Ok(grant),
            Outcome::Denied(denial) => Err(Failure::Denied(denial)),
        }
    }

    fn describe(
        &self,
        session: &Session,
        request: &SessionRequest,
        grant: &Grant,
        trail: &mut Trail,
    ) -> CredentialsBody {
        let credentials = &session.credentials;
        let (id, secret, token) =
            (credentials.access_key_id(), credentials.secret_access_key(), credentials.session_token());
        let mut body = CredentialsBody::new(id.to_owned(), secret.to_owned(), token.to_owned());
        body.expiration = rfc3339(u64::try_from(credentials.expiration().secs()).unwrap_or_default());
        body.account_id = request.role_arn.account().to_owned();
        body.role_arn = request.role_arn.to_string();
        body.assumed_role_arn.clone_from(&session.assumed_role_arn);
        body.mapping = grant.mapping().to_string();
        body.request_id.clone_from(&trail.line.request_id);
        trail.line.access_key_id = Some(body.access_key_id.clone());
        trail.line.expiration = Some(body.expiration.clone());
        trail.line.sts_request_id.clone_from(&session.sts_request_id);
        trail.line.dropped_tags.clone_from(&session.dropped_tags);
        if let Some(percent) = session.packed_policy_percent {
            self.telemetry.packed_policy(percent);
        }
        body
    }
}

/// No name was asked for: that is fine if there is one answer.
fn only_grant(principal: &Principal, readings: &[Reading], now: u64) -> Result<Grant, Failure> {
    let (mut granted, mut trace) = (Vec::new(), Vec::new());
    for surveyed in survey(principal, readings, now) {
        trace.extend_from_slice(surveyed.outcome.trace());
        if let Outcome::Granted(grant) = surveyed.outcome {
            granted.push(grant);
        }
    }
    if granted.len() == 1
        && let Some(grant) = granted.pop()
    {
        return Ok(grant);
    }
    let names = granted.iter().map(|grant| grant.mapping().to_string()).collect();
    Err(Failure::RoleRequired { names, trace })
}

impl From<SessionFault> for Failure {
    fn from(fault: SessionFault) -> Self {
        match &fault {
            SessionFault::DurationOutOfRange { .. } => Self::DurationOutOfRange(fault.to_string()),
            SessionFault::PolicyInvalid(_) => Self::SessionPolicyInvalid(fault.to_string()),
            SessionFault::SourceIdentityDoesNotFit => Self::SourceIdentityDoesNotFit(fault.to_string()),
        }
    }
}
