//! From a session request to a session: the use ledger, STS, and what its refusals mean to the caller.

use std::time::Duration;

use brevet_function_kit::{Budget, Trail};
use brevet_identity::{BearerToken, Principal, Rejection};
use brevet_mapping_store::{Attempt, LedgerError, StoreUnavailable};
use brevet_policy::{How, Narrowing, SessionRequest};

use crate::app::App;
use crate::failure::Failure;
use crate::sts::{Session, StsFault};

/// Beyond the budget, and before the second second is over.
const REFUND_PATIENCE: Duration = Duration::from_millis(100);

/// What is needed to open a session.
#[derive(Clone, Copy)]
pub(crate) struct Opening<'a> {
    pub(crate) principal: &'a Principal,
    pub(crate) token: &'a BearerToken,
    pub(crate) request: &'a SessionRequest,
    pub(crate) narrowing: &'a Narrowing,
}

impl App {
    /// Opens the session. Where uses are limited, one is spent before STS is asked, so that of two requests at once only
    /// one gets through, and given back when there is no session after all.
    pub(crate) async fn open_session(
        &self,
        opening: Opening<'_>,
        max_uses: Option<u64>,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<Session, Failure> {
        let Some(max_uses) = max_uses else { return self.ask_sts(opening, budget, trail).await };
        let attempt = Attempt::new()?;
        let opened = match self.spend(opening.principal, max_uses, &attempt, budget, trail).await {
            Ok(()) => self.ask_sts(opening, budget, trail).await,
            Err(LedgerError::TokenUsedUp) => return Err(Failure::TokenAlreadyUsed),
            Err(LedgerError::Unavailable(fault)) => Err(fault.into()),
        };
        if opened.is_err() {
            let refund = self.ledger.refund(opening.principal, &attempt);
            if !matches!(tokio::time::timeout(REFUND_PATIENCE, refund).await, Ok(Ok(()))) {
                self.telemetry
                    .warn("refund_failed", "a use of a token may stay counted although no session was opened");
            }
        }
        opened
    }

    async fn spend(
        &self,
        principal: &Principal,
        max_uses: u64,
        attempt: &Attempt,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<(), LedgerError> {
        let spending = budget.run(self.ledger.spend(principal, max_uses, attempt));
        let spent = trail.timed("LedgerLatency", spending).await;
        spent.unwrap_or(Err(LedgerError::Unavailable(StoreUnavailable::TimedOut)))
    }

    async fn ask_sts(&self, opening: Opening<'_>, budget: Budget, trail: &mut Trail) -> Result<Session, Failure> {
        let asking = budget.run(self.sts.open(opening.request, opening.token));
        let opened = trail.timed("StsLatency", asking).await;
        let opened = opened.unwrap_or_else(|_| Err(StsFault::Unavailable("out of time".to_owned())));
        opened.map_err(|fault| failure(fault, opening.request, opening.narrowing))
    }
}

/// What the caller sent is the caller's affair; what it did not send is the mapping's.
fn failure(fault: StsFault, request: &SessionRequest, narrowing: &Narrowing) -> Failure {
    let policy_fault = |sentence: &str| match narrowing.session_policy {
        Some(_) => Failure::SessionPolicyInvalid(sentence.to_owned()),
        None => Failure::Misconfigured(format!("the mapping's own session policy or tags: {sentence}")),
    };
    match fault {
        StsFault::Refused { missing, cause } => {
            Failure::TargetRoleRefused { missing, role_arn: request.role_arn.to_string(), cause }
        }
        StsFault::OtherPartition { own } => Failure::OtherPartition { role_arn: request.role_arn.clone(), own },
        StsFault::DurationTooLong if narrowing.duration_seconds.is_some() => Failure::DurationOutOfRange(format!(
            "`{}` gives no session of {} s; ask for a shorter `duration_seconds`",
            request.role_arn, request.duration_seconds
        )),
        StsFault::DurationTooLong => {
            Failure::Misconfigured("the mapping's `duration_seconds` is over the role's maximum".to_owned())
        }
        StsFault::MalformedPolicy => policy_fault("STS does not accept the session policy as a policy"),
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
