//! The function with everything it keeps between requests.

use std::sync::Arc;

use brevet_function_kit::{
    AuditLine, Budget, DenialDetail, Https, KeyFetcher, Log, Telemetry, Trail, aws_config, prepare, unix_now,
};
use brevet_identity::{BearerToken, KeysUnavailable, Rejection, VerifiedToken, Verifier, VerifyError};
use brevet_mapping_store::{MappingStore, UseLedger};
use serde_json::value::RawValue;

use crate::ask::token_in_query;
use crate::event::{Origin, Request};
use crate::failure::Failure;
use crate::help::HelpPage;
use crate::response::Response;
use crate::settings::Settings;
use crate::sts::Sts;

/// The function, ready to answer.
pub struct App {
    pub(crate) verifier: Verifier<KeyFetcher>,
    pub(crate) store: MappingStore,
    pub(crate) ledger: UseLedger,
    pub(crate) sts: Sts,
    pub(crate) telemetry: Telemetry,
    denial_detail: DenialDetail,
    help_page: HelpPage,
}

impl App {
    /// Makes everything ready during the init phase: clients, keys, connections.
    pub async fn start(settings: Settings, log: Log) -> anyhow::Result<Self> {
        let telemetry = Telemetry::new(log, &settings.identity.metrics_namespace, "credentials");
        let https = Https::new(None).map_err(|_| anyhow::anyhow!("the TLS connector cannot be built"))?;
        let config = aws_config(&https).await;
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        let fetcher = Arc::new(KeyFetcher::new(https.clone(), telemetry.clone()));
        let mappings = settings.mappings;
        let app = Self {
            verifier: Verifier::new(settings.identity.issuers, settings.identity.leeway_seconds, fetcher),
            store: MappingStore::new(dynamodb.clone(), mappings.table, mappings.cache_seconds),
            ledger: UseLedger::new(dynamodb, settings.token_use_table),
            sts: Sts::new(aws_sdk_sts::Client::new(&config)),
            telemetry,
            denial_detail: mappings.denial_detail,
            help_page: settings.help_page,
        };
        prepare(app.verifier.prime(unix_now()), &https, &settings.endpoints).await;
        Ok(app)
    }

    /// Answers one event. Never fails: whatever happens has an answer.
    pub async fn handle(&self, event: &RawValue) -> Response {
        let Ok(request) = Request::from_event(event) else {
            let failure = Failure::BadRequest("this is not a request of API Gateway's proxy integration".to_owned());
            return self.answer(self.trail(&Origin::default()), Err(failure));
        };
        let mut trail = self.trail(&request.origin);
        let budget = Budget::of_request();
        let outcome = match (request.method.as_str(), request.route.as_str()) {
            ("GET" | "POST", "/credentials") | ("GET", "/credentials/{name}") => {
                self.vend(&request, budget, &mut trail).await
            }
            ("GET", "/mappings") => self.mappings(&request, budget, &mut trail).await,
            ("GET", "/whoami") => self.whoami(&request, budget, &mut trail).await,
            _ => {
                let routes = "`GET` and `POST /credentials`, `GET /credentials/{name}`, `GET /mappings`, `GET /whoami`";
                Err(Failure::BadRequest(format!("what there is: {routes}")))
            }
        };
        self.answer(trail, outcome)
    }

    fn trail(&self, origin: &Origin) -> Trail {
        let mut line = AuditLine::new(self.telemetry.function(), &origin.request_id, "granted", "granted");
        line.source_ip.clone_from(&origin.source_ip);
        line.user_agent.clone_from(&origin.user_agent);
        Trail::new(line)
    }

    /// The audit line is written before the answer leaves.
    fn answer(&self, mut trail: Trail, outcome: Result<Response, Failure>) -> Response {
        let request_id = trail.line.request_id.clone();
        if let Err(failure) = &outcome {
            (trail.line.decision, trail.line.code) = (failure.decision(), failure.code());
            trail.line.detail = failure.detail();
            trail.line.trace = failure.trace();
        }
        self.telemetry.decision(trail);
        outcome.unwrap_or_else(|failure| Response::failure(&failure, &request_id, self.denial_detail, &self.help_page))
    }

    /// Nothing else happens before this has succeeded.
    pub(crate) async fn authenticate(
        &self,
        request: &Request,
        budget: Budget,
        trail: &mut Trail,
    ) -> Result<(BearerToken, VerifiedToken), Failure> {
        let token = BearerToken::from_authorization(request.authorization.iter().map(String::as_str));
        let token = token.map_err(|rejection| match rejection {
            Rejection::Missing if token_in_query(request) => Failure::TokenInAddress,
            rejection => Failure::Token(rejection),
        })?;
        let verifying = budget.run(self.verifier.verify(&token, unix_now()));
        let verified = trail.timed("VerifyLatency", verifying).await;
        let out_of_time = VerifyError::Unavailable(KeysUnavailable { retry_after_seconds: 1 });
        let verified = match verified.unwrap_or(Err(out_of_time)) {
            Ok(verified) => verified,
            Err(VerifyError::Unavailable(unavailable)) => return Err(Failure::KeysUnavailable(unavailable)),
            Err(VerifyError::Rejected(rejection)) => return Err(Failure::Token(rejection)),
            Err(VerifyError::RejectedJob { rejection, job }) => {
                trail.line.set_rejected_job(*job);
                return Err(Failure::Token(rejection));
            }
        };
        trail.line.set_job(Arc::clone(verified.principal()));
        self.telemetry.unknown_claims(verified.principal());
        Ok((token, verified))
    }
}
