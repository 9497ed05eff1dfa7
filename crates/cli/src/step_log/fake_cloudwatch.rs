//! CloudWatch Logs for tests: speaks its protocol over HTTP, holds senders to its limits, and fails as it is told.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::environment::Environment;

pub(super) const GROUP: &str = "/brevet/pipelines";

/// What an operation does instead of its work.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// Answers an error of the service.
    Error(u16, &'static str),
    /// Answers, but late.
    Slow(Duration),
    /// Does its work and loses the answer.
    LostAnswer,
}

#[derive(Default)]
struct State {
    streams: BTreeMap<String, Vec<Value>>,
    faults: BTreeMap<String, VecDeque<Fault>>,
    lasting: BTreeMap<String, Fault>,
    calls: Vec<String>,
}

/// A service with one group.
#[derive(Clone)]
pub(super) struct FakeCloudWatch {
    url: String,
    state: Arc<Mutex<State>>,
}

impl FakeCloudWatch {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, state: Arc::default() };
        let server = fake.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let fake = server.clone();
                let service = service_fn(move |request| {
                    let fake = fake.clone();
                    async move { Ok::<_, Infallible>(fake.answer(request).await) }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(connection), service));
            }
        });
        fake
    }

    /// The next calls of an operation fail, one after the other.
    pub(super) fn fail(&self, operation: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state.lock().unwrap().faults.entry(operation.to_owned()).or_default().extend(faults);
    }

    /// Every call fails from now on.
    pub(super) fn fail_for_ever(&self, operation: &str, fault: Fault) {
        self.state.lock().unwrap().lasting.insert(operation.to_owned(), fault);
    }

    pub(super) fn recover(&self) {
        self.state.lock().unwrap().lasting.clear();
    }

    /// The events of a stream, as their messages say.
    pub(super) fn events(&self, stream: &str) -> Vec<Value> {
        self.state.lock().unwrap().streams.get(stream).cloned().unwrap_or_default()
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.state.lock().unwrap().calls.clone()
    }

    pub(super) fn environment(&self) -> Environment {
        [("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", self.url.as_str())].into_iter().collect()
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let target = request.headers()["x-amz-target"].to_str().unwrap().to_owned();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        assert!(request.headers()["authorization"].to_str().unwrap().contains("/logs/aws4_request"));
        let body = request.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        let fault = {
            let mut state = self.state.lock().unwrap();
            state.calls.push(operation.clone());
            let next = state.faults.get_mut(&operation).and_then(VecDeque::pop_front);
            next.or_else(|| state.lasting.get(&operation).cloned())
        };
        match fault {
            Some(Fault::Error(status, code)) => error(status, code),
            Some(Fault::LostAnswer) => {
                self.work(&operation, &body);
                error(503, "ServiceUnavailableException")
            }
            Some(Fault::Slow(time)) => {
                tokio::time::sleep(time).await;
                self.work(&operation, &body)
            }
            None => self.work(&operation, &body),
        }
    }

    fn work(&self, operation: &str, body: &Value) -> Response<Full<Bytes>> {
        let mut state = self.state.lock().unwrap();
        let stream = body["logStreamName"].as_str().unwrap().to_owned();
        if body["logGroupName"] != GROUP {
            return error(400, "ResourceNotFoundException");
        }
        match (operation, state.streams.contains_key(&stream)) {
            ("CreateLogStream", true) => return error(400, "ResourceAlreadyExistsException"),
            ("CreateLogStream", false) => drop(state.streams.insert(stream, Vec::new())),
            (_, false) => return error(400, "ResourceNotFoundException"),
            (_, true) => {
                let events = body["logEvents"].as_array().unwrap();
                let size: usize = events.iter().map(|event| event["message"].as_str().unwrap().len() + 26).sum();
                let times: Vec<i64> = events.iter().map(|event| event["timestamp"].as_i64().unwrap()).collect();
                if events.is_empty() || events.len() > 10_000 || size > 1_048_576 || !times.is_sorted() {
                    return error(400, "InvalidParameterException");
                }
                let read = |event: &Value| serde_json::from_str(event["message"].as_str().unwrap()).unwrap();
                state.streams.get_mut(&stream).unwrap().extend(events.iter().map(read));
            }
        }
        respond(200, &json!({}))
    }
}

pub(super) fn credentials() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new("ASIATEST", "secret", Some("token".to_owned()), None, "test"))
}

fn error(status: u16, code: &str) -> Response<Full<Bytes>> {
    respond(status, &json!({"__type": format!("com.amazonaws#{code}"), "message": format!("{code}, as planned")}))
}

fn respond(status: u16, body: &Value) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status).header("content-type", "application/x-amz-json-1.1");
    response.body(Full::from(body.to_string())).unwrap()
}
