//! The SDK's real client on top of a table made up by the test, which also keeps what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use brevet_identity::Principal;
use brevet_policy::{MappingName, Scope};
use serde_json::{Value, json};

pub(crate) const EXPIRES_AT: u64 = 1_790_003_600;

/// What the table answers.
pub(crate) enum Answer {
    /// 200 with this body.
    Ok(Value),
    /// The service's error of this name.
    Error(u16, &'static str),
    /// No answer before the client's patience ended.
    TimedOut,
    /// The connection broke.
    Broken,
    /// No answer at all.
    Never,
}

/// What the table was asked: each operation and its body, in order.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<(String, Value)>>>);

type Answering = dyn Fn(usize, &Value) -> Answer + Send + Sync;

struct Table {
    asked: Asked,
    answering: Box<Answering>,
}

/// A client of a table that answers by this function, which is told how many requests came before and what is asked.
pub(crate) fn client(answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> (Client, Asked) {
    client_with(RetryConfig::disabled(), answering)
}

/// The same, but it asks again where the SDK thinks that may help.
pub(crate) fn client_that_asks_again(
    answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static,
) -> (Client, Asked) {
    client_with(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)), answering)
}

fn client_with(
    retry: RetryConfig,
    answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static,
) -> (Client, Asked) {
    let asked = Asked::default();
    let table = SharedHttpConnector::new(Table { asked: asked.clone(), answering: Box::new(answering) });
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "not-a-secret", None, None, "test"))
        .retry_config(retry)
        .http_client(http_client_fn(move |_, _| table.clone()))
        .build();
    (Client::from_conf(config), asked)
}

impl Asked {
    pub(crate) fn all(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.all().len()
    }

    pub(crate) fn body(&self, index: usize) -> Value {
        self.all()[index].1.clone()
    }
}

impl HttpConnector for Table {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation =
            request.headers().get("x-amz-target").unwrap_or_default().rsplit('.').next().unwrap_or_default();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        let before = {
            let mut asked = self.asked.0.lock().unwrap();
            asked.push((operation.to_owned(), body.clone()));
            asked.len() - 1
        };
        match (self.answering)(before, &body) {
            Answer::Ok(body) => HttpConnectorFuture::ready(Ok(response(200, &body))),
            Answer::Error(status, name) => {
                let body =
                    json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": "secret detail"});
                HttpConnectorFuture::ready(Ok(response(status, &body)))
            }
            Answer::TimedOut => HttpConnectorFuture::ready(Err(ConnectorError::timeout("slow".into()))),
            Answer::Broken => HttpConnectorFuture::ready(Err(ConnectorError::io("broken".into()))),
            Answer::Never => HttpConnectorFuture::new(std::future::pending()),
        }
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Table")
    }
}

fn response(status: u16, body: &Value) -> HttpResponse {
    HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()))
}

pub(crate) fn scopes(texts: &[&str]) -> Vec<Scope> {
    texts.iter().map(|text| Scope::parse(text).unwrap()).collect()
}

pub(crate) fn deploy() -> MappingName {
    MappingName::parse("deploy").unwrap()
}

/// A row as DynamoDB writes it.
pub(crate) fn item(scope: &str, name: &str) -> Value {
    json!({
        "scope": {"S": scope}, "name": {"S": name}, "role_arn": {"S": "arn:aws:iam::111122223333:role/brevet/deploy"},
        "conditions": {"M": {"ref_protected": {"S": "true"}}},
    })
}

/// A job whose token has this issuer and id.
pub(crate) fn job(issuer: &str, jti: &str) -> Principal {
    let claims = json!({
        "iss": issuer, "jti": jti, "iat": EXPIRES_AT - 3_600, "exp": EXPIRES_AT, "project_id": "4711", "project_path": "nordwind/api",
        "namespace_id": "812", "namespace_path": "nordwind", "pipeline_id": "1", "job_id": "2",
        "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
    });
    Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap()).unwrap()
}
