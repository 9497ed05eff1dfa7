//! The function with everything it keeps between requests.

use std::sync::Arc;
use std::time::Duration;

use brevet_function_kit::{
    Budget, DenialDetail, Https, KeyFetcher, Log, Repeats, Telemetry, aws_config, ping, unix_now,
};
use brevet_identity::{BearerToken, KeysUnavailable, VerifiedToken, Verifier};
use brevet_mapping_store::{MappingStore, StoreUnavailable, UseLedger};
use serde_json::value::RawValue;

use crate::event::{Origin, Request};
use crate::failure::Failure;
use crate::record::Record;
use crate::response::Response;
use crate::settings::{Endpoints, Settings};
use crate::sts::Sts;

/// SDKs wait one to two seconds; the answer is under way before the second of them is over.
const BUDGET: Duration = Duration::from_millis(1_700);

/// The function, ready to answer.
pub struct App {
    pub(crate) verifier: Verifier<KeyFetcher>,
    pub(crate) store: MappingStore,
    pub(crate) ledger: UseLedger,
    pub(crate) sts: Sts,
    pub(crate) telemetry: Telemetry,
    denial_detail: DenialDetail,
    repeats: Repeats,
}

impl App {
    /// Makes everything ready during the init phase, side by side: keys, and connections to DynamoDB and STS. What
    /// cannot be had now is left for the first request.
    pub async fn start(settings: Settings, log: Log) -> anyhow::Result<Self> {
        let telemetry = Telemetry::new(log, &settings.identity.metrics_namespace, "credentials");
        let https = Https::new(None).map_err(|_| anyhow::anyhow!("the TLS connector cannot be built"))?;
        let config = aws_config(&https).await;
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        let region = config.region().map(ToString::to_string);
        let fetcher = Arc::new(KeyFetcher::new(https.clone(), telemetry.clone()));
        let app = Self {
            verifier: Verifier::new(settings.identity.issuers, settings.identity.leeway_seconds, fetcher),
            store: MappingStore::new(dynamodb.clone(), settings.mapping_table, settings.mapping_cache_seconds),
            ledger: UseLedger::new(dynamodb, settings.token_use_table),
            sts: Sts::new(aws_sdk_sts::Client::new(&config)),
            telemetry,
            denial_detail: settings.denial_detail,
            repeats: Repeats::default(),
        };
        tokio::join!(app.verifier.prime(unix_now()), open_connections(&https, settings.endpoints, region));
        Ok(app)
    }

    /// Answers one event. Never fails: whatever happens has an answer.
    pub async fn handle(&self, event: &RawValue) -> Response {
        let Ok(request) = Request::from_event(event) else {
            let failure = Failure::BadRequest("this is not a request of API Gateway's proxy integration".to_owned());
            return self.answer(Record::new(self.telemetry.function(), &Origin::default()), Err(failure));
        };
        let mut record = Record::new(self.telemetry.function(), &request.origin);
        let budget = Budget::starting_now(BUDGET);
        let outcome = match (request.method.as_str(), request.route.as_str()) {
            ("GET" | "POST", "/credentials") | ("GET", "/credentials/{name}") => {
                self.vend(&request, budget, &mut record).await
            }
            ("GET", "/mappings") => self.mappings(&request, budget, &mut record).await,
            ("GET", "/whoami") => self.whoami(&request),
            _ => {
                let routes =
                    "`GET` and `POST /credentials`, `GET /credentials/{name}`, `GET /mappings` and `GET /whoami`";
                Err(Failure::BadRequest(format!("what there is: {routes}")))
            }
        };
        self.answer(record, outcome)
    }

    /// The audit line is written before the answer leaves.
    fn answer(&self, mut record: Record, outcome: Result<Response, Failure>) -> Response {
        if let Err(failure) = &outcome {
            record.fail(failure);
            if let Some(jti) = &record.jti {
                let asked_for = record.line.asked_for.as_deref().unwrap_or_default();
                record.line.repeat = self.repeats.is_repeat(jti, asked_for, record.line.code, unix_now());
            }
        }
        self.telemetry.decision(&record.line, &record.latencies);
        outcome.unwrap_or_else(|failure| Response::failure(&failure, &record.line.request_id, self.denial_detail))
    }

    /// Nothing else happens before this has succeeded.
    pub(crate) async fn authenticate(
        &self,
        request: &Request,
        budget: Budget,
        record: &mut Record,
    ) -> Result<(BearerToken, VerifiedToken), Failure> {
        let token = BearerToken::from_authorization(request.authorization.iter().map(String::as_str));
        let token = token.map_err(Failure::Token)?;
        let verifying = budget.run(self.verifier.verify(&token, unix_now()));
        let verified = record.timed("VerifyLatency", verifying).await;
        let verified = verified.map_err(|_| Failure::KeysUnavailable(KeysUnavailable { retry_after_seconds: 1 }))??;
        let principal = verified.principal();
        record.line.set_job(principal);
        record.jti = Some(principal.jti().to_owned());
        self.telemetry.unknown_claims(principal);
        Ok((token, verified))
    }
}

impl From<StoreUnavailable> for Failure {
    fn from(fault: StoreUnavailable) -> Self {
        if fault.is_misconfiguration() {
            Self::Misconfigured(fault.to_string())
        } else {
            Self::MappingsUnavailable(fault.to_string())
        }
    }
}

async fn open_connections(https: &Https, endpoints: Endpoints, region: Option<String>) {
    let public = |service: &str| region.as_ref().map(|region| format!("https://{service}.{region}.amazonaws.com"));
    let dynamodb = endpoints.dynamodb.or_else(|| public("dynamodb"));
    let sts = endpoints.sts.or_else(|| public("sts"));
    tokio::join!(open(https, dynamodb), open(https, sts));
}

async fn open(https: &Https, endpoint: Option<String>) {
    if let Some(endpoint) = endpoint {
        ping(https, &endpoint).await;
    }
}
