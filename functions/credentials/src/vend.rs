//! The main job: from a verified job to a session of the role it may have.

use brevet_function_kit::{Budget, MappingKey, rfc3339, unix_now};
use brevet_identity::{BearerToken, Principal, Rejection};
use brevet_mapping_store::LedgerError;
use brevet_policy::{
    Grant, How, MappingName, Narrowing, Outcome, Reading, SessionFault, SessionRequest, decide, scopes_of, survey,
};

use crate::app::App;
use crate::ask::Ask;
use crate::event::Request;
use crate::failure::Failure;
use crate::format::CredentialsBody;
use crate::record::Record;
use crate::response::Response;
use crate::sts::{Session, StsFault};

impl App {
    pub(crate) async fn vend(
        &self,
        request: &Request,
        budget: Budget,
        record: &mut Record,
    ) -> Result<Response, Failure> {
        let (token, verified) = self.authenticate(request, budget, record).await?;
        let principal = verified.principal();
        let ask = Ask::from_request(request)?;
        record.line.asked_for = ask.role.as_ref().map(ToString::to_string);
        let grant = self.grant(principal, ask.role.as_ref(), budget, record).await?;
        record.line.trace = serde_json::json!(grant.trace());
        record.line.mapping = Some(MappingKey {
            scope: grant.scope().to_string(),
            name: grant.mapping().to_string(),
            version: grant.version().map(str::to_owned),
        });
        let session_request = SessionRequest::build(&grant, principal, &ask.narrowing)?;
        record.line.role_arn = Some(session_request.role_arn.to_string());
        record.line.session_name = Some(session_request.session_name.clone());
        let opened = self.open_session(&grant, principal, &session_request, &token, budget, record).await?;
        let session = opened.map_err(|fault| failure(fault, &session_request, &ask.narrowing))?;
        let body = self.describe(&session, &session_request, &grant, record);
        let (content_type, text) = body.write(ask.format);
        Ok(Response::ok(content_type, text))
    }

    async fn grant(
        &self,
        principal: &Principal,
        role: Option<&MappingName>,
        budget: Budget,
        record: &mut Record,
    ) -> Result<Grant, Failure> {
        let now = unix_now();
        let scopes = scopes_of(principal);
        let Some(name) = role else {
            let readings = budget.run(self.store.rows_in(&scopes, now));
            let readings = self.rows(record.timed("MappingsLatency", readings).await)?;
            return only_grant(principal, &readings, now);
        };
        let readings = budget.run(self.store.rows_named(&scopes, name, now));
        let readings = self.rows(record.timed("MappingsLatency", readings).await)?;
        match decide(principal, &readings, name, now) {
            Outcome::Granted(grant) => Ok(grant),
            Outcome::Denied(denial) => Err(Failure::Denied(denial)),
        }
    }

    /// Spends a use of the token before STS is asked, so that of two requests at once only one gets through, and gives
    /// it back when STS could not be asked after all.
    async fn open_session(
        &self,
        grant: &Grant,
        principal: &Principal,
        request: &SessionRequest,
        token: &BearerToken,
        budget: Budget,
        record: &mut Record,
    ) -> Result<Result<Session, StsFault>, Failure> {
        if let Some(max_uses) = grant.max_uses_per_token() {
            let spending = budget.run(self.ledger.spend(principal, max_uses));
            let spent = record.timed("LedgerLatency", spending).await;
            spent.map_err(|_| Failure::MappingsUnavailable("the use ledger did not answer in time".to_owned()))??;
        }
        let opening = budget.run(self.sts.open(request, token));
        let opened = record
            .timed("StsLatency", opening)
            .await
            .unwrap_or_else(|_| Err(StsFault::Unavailable("out of time".to_owned())));
        if opened.is_err() && grant.max_uses_per_token().is_some() {
            let refunded = tokio::time::timeout(REFUND_PATIENCE, self.ledger.refund(principal)).await;
            if !matches!(refunded, Ok(Ok(()))) {
                self.telemetry.warn("refund_failed", "a use of a token stays counted although no session was opened");
            }
        }
        Ok(opened)
    }

    fn describe(
        &self,
        session: &Session,
        request: &SessionRequest,
        grant: &Grant,
        record: &mut Record,
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
        body.request_id.clone_from(&record.line.request_id);
        record.line.access_key_id = Some(body.access_key_id.clone());
        record.line.expiration = Some(body.expiration.clone());
        record.line.sts_request_id.clone_from(&session.sts_request_id);
        record.line.dropped_tags.clone_from(&session.dropped_tags);
        if let Some(percent) = session.packed_policy_percent {
            self.telemetry.packed_policy(percent);
        }
        body
    }
}

/// Beyond the budget, and before the second second is over.
const REFUND_PATIENCE: std::time::Duration = std::time::Duration::from_millis(100);

/// No name was asked for: that is fine if there is one answer.
fn only_grant(principal: &Principal, readings: &[Reading], now: u64) -> Result<Grant, Failure> {
    let mut granted = Vec::new();
    for surveyed in survey(principal, readings, now) {
        if let Outcome::Granted(grant) = surveyed.outcome {
            granted.push(grant);
        }
    }
    match <[Grant; 1]>::try_from(granted) {
        Ok([grant]) => Ok(grant),
        Err(several) => {
            Err(Failure::RoleRequired { names: several.iter().map(|grant| grant.mapping().to_string()).collect() })
        }
    }
}

/// A policy that does not fit is the caller's affair if the caller sent one, and otherwise the mapping's.
fn failure(fault: StsFault, request: &SessionRequest, narrowing: &Narrowing) -> Failure {
    let policy_fault = |sentence: &str| match narrowing.session_policy {
        Some(_) => Failure::SessionPolicyInvalid(sentence.to_owned()),
        None => Failure::Misconfigured(format!("the mapping's own session policy or tags: {sentence}")),
    };
    match fault {
        StsFault::Refused(missing) => Failure::TargetRoleRefused { missing, role_arn: request.role_arn.to_string() },
        StsFault::DurationTooLong => Failure::DurationOutOfRange(format!(
            "`{}` gives no session of {} s: ask for a shorter `duration_seconds`, or have the role's maximum raised",
            request.role_arn, request.duration_seconds
        )),
        StsFault::MalformedPolicy => {
            Failure::SessionPolicyInvalid("STS does not accept the session policy as a policy".to_owned())
        }
        StsFault::PackedPolicyTooLarge => {
            policy_fault("session policy and tags are too large together for STS; send a shorter policy")
        }
        StsFault::TokenExpired if request.how == How::WebIdentity => Failure::Token(Rejection::Expired { seconds: 0 }),
        StsFault::TokenExpired => Failure::StsUnavailable("the function's own credentials have expired".to_owned()),
        StsFault::Throttled => Failure::Throttled,
        StsFault::Unavailable(cause) => Failure::StsUnavailable(cause),
        StsFault::Misconfigured(cause) => Failure::Misconfigured(cause),
    }
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

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::TokenUsedUp => Self::TokenAlreadyUsed,
            LedgerError::Unavailable(fault) => fault.into(),
        }
    }
}
