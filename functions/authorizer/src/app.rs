//! The function with everything it keeps between calls.

use std::sync::Arc;

use brevet_function_kit::{AuditLine, Budget, Https, KeyFetcher, Log, Telemetry, Trail, aws_config, prepare, unix_now};
use brevet_identity::{BearerToken, KeysUnavailable, Rejection, VerifiedToken, Verifier, VerifyError};
use brevet_mapping_store::MappingStore;
use serde_json::value::RawValue;

use crate::answer::{Answer, Failed};
use crate::event::{Call, Shape};
use crate::routes::Routes;
use crate::settings::{RoutePolicy, Settings};
use crate::verdict::Verdict;

/// The function, ready to answer.
pub struct App {
    verifier: Verifier<KeyFetcher>,
    routes: Option<Routes>,
    simple_response: bool,
    telemetry: Telemetry,
}

impl App {
    /// Makes everything ready during the init phase: clients, keys, connections.
    pub async fn start(settings: Settings, log: Log) -> anyhow::Result<Self> {
        let telemetry = Telemetry::new(log, &settings.identity.metrics_namespace, "authorizer");
        let https = Https::new(None).map_err(|_| anyhow::anyhow!("the TLS connector cannot be built"))?;
        let fetcher = Arc::new(KeyFetcher::new(https.clone(), telemetry.clone()));
        let verifier = Verifier::new(settings.identity.issuers, settings.identity.leeway_seconds, fetcher);
        let routes = match settings.route_policy {
            RoutePolicy::Authenticated => None,
            RoutePolicy::Mappings(api, mappings) => {
                let client = aws_sdk_dynamodb::Client::new(&aws_config(&https).await);
                let store = MappingStore::new(client, mappings.table, mappings.cache_seconds);
                Some(Routes { store, api, denial_detail: mappings.denial_detail })
            }
        };
        let app = Self { verifier, routes, simple_response: settings.simple_response, telemetry };
        prepare(app.verifier.prime(unix_now()), &https, &settings.endpoints).await;
        Ok(app)
    }

    /// Answers one event, or fails in the way API Gateway expects.
    pub async fn handle(&self, event: &RawValue) -> Result<Answer, Failed> {
        let Ok(call) = Call::from_event(event) else {
            let advice = "the event is none of the five that an authorizer is called with";
            self.telemetry.warn("not_an_authorizer_event", advice);
            return Err(Failed::CannotTell);
        };
        let mut line = AuditLine::new(self.telemetry.function(), &call.request_id, "granted", "granted");
        line.source_ip.clone_from(&call.source_ip);
        line.user_agent.clone_from(&call.user_agent);
        line.asked_for = Some(format!("{} {}", call.arn.method(), call.arn.path()));
        let mut trail = Trail::new(line);
        let answer = self.decide(&call, Budget::of_request(), &mut trail).await;
        self.telemetry.decision(trail);
        answer
    }

    async fn decide(&self, call: &Call, budget: Budget, trail: &mut Trail) -> Result<Answer, Failed> {
        let verified = match self.verify(call, budget, trail).await {
            Ok(verified) => verified,
            Err(VerifyError::Unavailable(unavailable)) => {
                return Err(cannot_tell(trail, "keys_unavailable", unavailable.to_string()));
            }
            Err(VerifyError::Rejected(rejection)) => return self.reject(call, &rejection, trail),
            Err(VerifyError::RejectedJob { rejection, job }) => {
                trail.line.set_rejected_job(*job);
                return self.reject(call, &rejection, trail);
            }
        };
        let principal = verified.principal();
        trail.line.set_job(Arc::clone(principal));
        self.telemetry.unknown_claims(principal);
        let verdict = match &self.routes {
            None => Verdict::whole_stage(call, principal),
            // Boxed: what a question to DynamoDB needs would be copied with every call that asks none.
            Some(routes) => Box::pin(routes.verdict(call, principal, budget, &self.telemetry, trail)).await?,
        };
        trail.line.trace.clone_from(&verdict.trace);
        trail.line.mapping.clone_from(&verdict.mapping);
        if let Some(code) = verdict.refusal {
            (trail.line.decision, trail.line.code) = ("denied", code);
        }
        Ok(verdict.into_answer(call, self.answers_simply(call)))
    }

    async fn verify(&self, call: &Call, budget: Budget, trail: &mut Trail) -> Result<VerifiedToken, VerifyError> {
        let token = BearerToken::from_authorization(call.authorization.iter().map(String::as_str))?;
        let verifying = budget.run(self.verifier.verify(&token, unix_now()));
        let verified = trail.timed("VerifyLatency", verifying).await;
        verified.unwrap_or(Err(VerifyError::Unavailable(KeysUnavailable { retry_after_seconds: 1 })))
    }

    /// REST and WebSocket APIs have an error that means 401. HTTP APIs have none, so there it is a plain no.
    fn reject(&self, call: &Call, rejection: &Rejection, trail: &mut Trail) -> Result<Answer, Failed> {
        (trail.line.decision, trail.line.code) = ("denied", rejection.code());
        if let Rejection::Invalid(distrust) = rejection {
            trail.line.detail = Some(distrust.to_string());
        }
        match call.shape {
            Shape::RestToken | Shape::RestRequest | Shape::WebSocket => Err(Failed::Unauthorized),
            Shape::Http1 | Shape::Http2 => {
                Ok(Verdict::unverified(call, rejection).into_answer(call, self.answers_simply(call)))
            }
        }
    }

    fn answers_simply(&self, call: &Call) -> bool {
        call.shape == Shape::Http2 && self.simple_response
    }
}

/// "Cannot tell": the function fails, API Gateway answers 500 and remembers nothing.
pub(crate) fn cannot_tell(trail: &mut Trail, code: &'static str, detail: String) -> Failed {
    (trail.line.decision, trail.line.code, trail.line.detail) = ("unavailable", code, Some(detail));
    Failed::CannotTell
}
