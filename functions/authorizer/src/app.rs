//! The function with everything it keeps between calls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use brevet_function_kit::{
    AuditLine, Budget, DenialDetail, Https, KeyFetcher, Log, Repeats, Telemetry, aws_config, ping, unix_now,
};
use brevet_identity::{BearerToken, Principal, Rejection, Verifier, VerifyError};
use brevet_mapping_store::MappingStore;
use brevet_policy::{ApiName, Reading, RouteEntitlement, entitlement, scopes_of};
use serde_json::Value;

use crate::answer::{Answer, Document, Failed, Policy, Simple};
use crate::context::{Context, add_reason, full_reason, of_principal, principal_id};
use crate::event::{Call, Shape};
use crate::resources::Resources;
use crate::settings::{MappingSettings, RoutePolicy, Settings};

/// An authorizer is on the way of every request of somebody's API.
const BUDGET: Duration = Duration::from_millis(1_700);

/// The most an answer may hold. WebSocket APIs document 8 KB; REST APIs nothing.
const MAX_ANSWER_BYTES: usize = 8 * 1024;

/// The function, ready to answer.
pub struct App {
    verifier: Verifier<KeyFetcher>,
    routes: Option<Routes>,
    simple_response: bool,
    telemetry: Telemetry,
    repeats: Repeats,
}

/// `ROUTE_POLICY=mappings`.
struct Routes {
    store: MappingStore,
    api: ApiName,
    denial_detail: DenialDetail,
}

/// What has been decided about a verified job.
struct Verdict {
    resources: Resources,
    /// Whether this very request is among them.
    permitted: bool,
    context: Context,
    usage_plan_key: Option<String>,
    code: &'static str,
    trace: Value,
}

impl App {
    /// Makes everything ready during the init phase, side by side. What cannot be had now is left for the first call.
    pub async fn start(settings: Settings, log: Log) -> anyhow::Result<Self> {
        let telemetry = Telemetry::new(log, &settings.identity.metrics_namespace, "authorizer");
        let https = Https::new(None).map_err(|_| anyhow::anyhow!("the TLS connector cannot be built"))?;
        let fetcher = Arc::new(KeyFetcher::new(https.clone(), telemetry.clone()));
        let verifier = Verifier::new(settings.identity.issuers, settings.identity.leeway_seconds, fetcher);
        let keys = verifier.prime(unix_now());
        let ((), routes) = match settings.route_policy {
            RoutePolicy::Authenticated => (keys.await, None),
            RoutePolicy::Mappings(mappings) => {
                let routes = Routes::open(mappings, &https, settings.dynamodb_endpoint);
                let (keys, routes) = tokio::join!(keys, routes);
                (keys, Some(routes))
            }
        };
        Ok(Self { verifier, routes, simple_response: settings.simple_response, telemetry, repeats: Repeats::default() })
    }

    /// Answers one event, or fails in the way API Gateway expects.
    pub async fn handle(&self, event: &Value) -> Result<Answer, Failed> {
        let Ok(call) = Call::from_event(event) else {
            self.telemetry
                .warn("not_an_authorizer_event", "the event is none of the five that an authorizer is called with");
            return Err(Failed::CannotTell);
        };
        let budget = Budget::starting_now(BUDGET);
        let mut line = AuditLine::new(self.telemetry.function(), &call.request_id, "granted", "granted");
        line.source_ip.clone_from(&call.source_ip);
        line.user_agent.clone_from(&call.user_agent);
        line.asked_for = Some(format!("{} {}", call.arn.method(), call.arn.path()));
        let started = Instant::now();
        let answer = self.decide(&call, budget, &mut line).await;
        self.telemetry.decision(&line, &[("AuthorizeLatency", started.elapsed())]);
        answer
    }

    async fn decide(&self, call: &Call, budget: Budget, line: &mut AuditLine) -> Result<Answer, Failed> {
        let verified = match self.verify(call, budget).await {
            Ok(verified) => verified,
            Err(VerifyError::Rejected(rejection)) => return self.reject(call, &rejection, line),
            Err(VerifyError::Unavailable(unavailable)) => {
                return Err(cannot_tell(line, "keys_unavailable", unavailable.to_string()));
            }
        };
        let principal = verified.principal();
        line.set_job(principal);
        self.telemetry.unknown_claims(principal);
        let verdict = match &self.routes {
            None => Verdict::whole_stage(call, principal),
            Some(routes) => routes.verdict(call, principal, budget, &self.telemetry, line).await?,
        };
        line.trace.clone_from(&verdict.trace);
        if !verdict.permitted {
            (line.decision, line.code) = ("denied", verdict.code);
            let asked_for = line.asked_for.as_deref().unwrap_or_default();
            line.repeat = self.repeats.is_repeat(principal.jti(), asked_for, verdict.code, unix_now());
        }
        Ok(self.answer(call, principal, verdict))
    }

    async fn verify(&self, call: &Call, budget: Budget) -> Result<brevet_identity::VerifiedToken, VerifyError> {
        let token = BearerToken::from_authorization(call.authorization.iter().map(String::as_str))?;
        let verified = budget.run(self.verifier.verify(&token, unix_now())).await;
        verified.unwrap_or(Err(VerifyError::Unavailable(brevet_identity::KeysUnavailable { retry_after_seconds: 1 })))
    }

    /// REST and WebSocket APIs have an error that means 401. HTTP APIs have none, so there it is a plain no.
    fn reject(&self, call: &Call, rejection: &Rejection, line: &mut AuditLine) -> Result<Answer, Failed> {
        (line.decision, line.code) = ("denied", rejection.code());
        if let Rejection::Invalid(distrust) = rejection {
            line.detail = Some(distrust.to_string());
        }
        match call.shape {
            Shape::RestToken | Shape::RestRequest | Shape::WebSocket => Err(Failed::Unauthorized),
            Shape::Http1 | Shape::Http2 => {
                let mut context = Context::new();
                add_reason(&mut context, rejection.code(), &rejection.to_string());
                if call.shape == Shape::Http2 && self.simple_response {
                    return Ok(Answer::Simple(Simple { is_authorized: false, context }));
                }
                Ok(Answer::Policy(deny_all(call, "unverified".to_owned(), context)))
            }
        }
    }

    fn answer(&self, call: &Call, principal: &Principal, verdict: Verdict) -> Answer {
        let Verdict { resources, permitted, mut context, usage_plan_key, .. } = verdict;
        if call.shape == Shape::Http2 && self.simple_response {
            return Answer::Simple(Simple { is_authorized: permitted, context });
        }
        let id = principal_id(principal);
        if resources.allow.is_empty() {
            return Answer::Policy(deny_all(call, id, context));
        }
        let policy = Policy {
            principal_id: id.clone(),
            policy_document: Document::new(resources),
            context: context.clone(),
            usage_identifier_key: usage_plan_key,
        };
        let size = serde_json::to_vec(&policy).map_or(usize::MAX, |bytes| bytes.len());
        if size <= MAX_ANSWER_BYTES {
            return Answer::Policy(policy);
        }
        self.telemetry.warn(
            "policy_too_large",
            "the routes of this job do not fit into an authorizer's answer; merge them with `**`",
        );
        add_reason(
            &mut context,
            "misconfigured",
            "this job may call more routes than an authorizer can say; tell the API's owner",
        );
        Answer::Policy(deny_all(call, id, context))
    }
}

impl Routes {
    async fn open(settings: MappingSettings, https: &Https, endpoint: Option<String>) -> Self {
        let config = aws_config(https).await;
        let public = config.region().map(|region| format!("https://dynamodb.{region}.amazonaws.com"));
        if let Some(endpoint) = endpoint.or(public) {
            ping(https, &endpoint).await;
        }
        let store = MappingStore::new(aws_sdk_dynamodb::Client::new(&config), settings.table, settings.cache_seconds);
        Self { store, api: settings.api, denial_detail: settings.denial_detail }
    }

    async fn verdict(
        &self,
        call: &Call,
        principal: &Principal,
        budget: Budget,
        telemetry: &Telemetry,
        line: &mut AuditLine,
    ) -> Result<Verdict, Failed> {
        let now = unix_now();
        let scopes = scopes_of(principal);
        let readings = match budget.run(self.store.rows_named(&scopes, self.api.mapping_name(), now)).await {
            Ok(Ok(readings)) => readings,
            Ok(Err(fault)) => return Err(cannot_tell(line, "mappings_unavailable", fault.to_string())),
            Err(_) => return Err(cannot_tell(line, "mappings_unavailable", "out of time".to_owned())),
        };
        for invalid in readings.iter().filter_map(Reading::invalid) {
            telemetry.invalid_mapping(invalid);
        }
        Ok(self.weigh(call, principal, &entitlement(principal, &readings, &self.api, now)))
    }

    fn weigh(&self, call: &Call, principal: &Principal, entitlement: &RouteEntitlement) -> Verdict {
        let permitted = entitlement.permits(call.arn.method(), call.arn.path());
        let mut context = of_principal(principal);
        let code = match entitlement.denial() {
            Some(denial) => {
                let reason = match self.denial_detail {
                    DenialDetail::Own => denial.message().to_owned(),
                    DenialDetail::Full => full_reason(denial),
                };
                add_reason(&mut context, denial.code().as_str(), &reason);
                denial.code().as_str()
            }
            None => {
                // True of every route that is refused, because the answer may be cached for the next one.
                let open: Vec<String> = entitlement.allow().iter().map(ToString::to_string).collect();
                add_reason(
                    &mut context,
                    "conditions_not_met",
                    &format!("this job may call nothing here but `{}`", open.join("`, `")),
                );
                "conditions_not_met"
            }
        };
        Verdict {
            resources: Resources::of(&call.arn, entitlement.allow(), entitlement.deny()),
            permitted,
            context,
            usage_plan_key: entitlement.usage_plan_key().map(str::to_owned),
            code,
            trace: serde_json::json!(entitlement.trace()),
        }
    }
}

impl Verdict {
    fn whole_stage(call: &Call, principal: &Principal) -> Self {
        Self {
            resources: Resources { allow: vec![call.arn.whole_stage()], deny: Vec::new() },
            permitted: true,
            context: of_principal(principal),
            usage_plan_key: None,
            code: "granted",
            trace: Value::Null,
        }
    }
}

fn deny_all(call: &Call, principal_id: String, context: Context) -> Policy {
    let resources = Resources { allow: Vec::new(), deny: vec![call.arn.whole_stage()] };
    Policy { principal_id, policy_document: Document::new(resources), context, usage_identifier_key: None }
}

fn cannot_tell(line: &mut AuditLine, code: &'static str, detail: String) -> Failed {
    (line.decision, line.code, line.detail) = ("unavailable", code, Some(detail));
    Failed::CannotTell
}
