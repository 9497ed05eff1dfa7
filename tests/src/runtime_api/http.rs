use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::error::FunctionError;
use super::exchange::Exchange;

/// The largest answer Lambda takes.
const LARGEST_ANSWER: usize = 6 * 1024 * 1024;
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";

/// What an environment says of the function with each event.
#[derive(Debug)]
pub(super) struct Headers {
    pub(super) function_arn: String,
    pub(super) timeout: Duration,
}

/// Serves one environment until it is dropped, and its connections with it.
pub(super) async fn serve(listener: TcpListener, exchange: Arc<Exchange>, headers: Arc<Headers>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(connection(stream, Arc::clone(&exchange), Arc::clone(&headers)));
        }
    }
}

async fn connection(stream: TcpStream, exchange: Arc<Exchange>, headers: Arc<Headers>) {
    // Answers are small: waiting for more to send would cost forty milliseconds each.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let (exchange, headers) = (Arc::clone(&exchange), Arc::clone(&headers));
        async move { Ok::<_, Infallible>(answer(request, &exchange, &headers).await) }
    });
    // A connection that breaks is the function's end, which shows elsewhere.
    let _ = http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, exchange: &Exchange, headers: &Headers) -> Response<Full<Bytes>> {
    let path = request.uri().path().to_owned();
    let Some(rest) = path.strip_prefix("/2018-06-01/runtime/") else { return refuse(StatusCode::NOT_FOUND, &path) };
    match (request.method(), rest.split('/').collect::<Vec<_>>().as_slice()) {
        (&Method::GET, ["invocation", "next"]) => next(exchange, headers).await,
        (&Method::POST, ["invocation", id, "response"]) => {
            let too_large = FunctionError { kind: "Function.ResponseSizeTooLarge".to_owned(), body: Bytes::new() };
            match body(request).await {
                Some(body) => completed(exchange.complete(id, Ok(body))),
                None if exchange.complete(id, Err(too_large)) => refuse(StatusCode::PAYLOAD_TOO_LARGE, &path),
                None => completed(false),
            }
        }
        (&Method::POST, ["invocation", id, "error"]) => completed(exchange.complete(id, Err(report(request).await))),
        (&Method::POST, ["init", "error"]) => {
            exchange.fail_init(report(request).await);
            completed(true)
        }
        _ => refuse(StatusCode::NOT_FOUND, &path),
    }
}

async fn next(exchange: &Exchange, headers: &Headers) -> Response<Full<Bytes>> {
    let Some((id, event)) = exchange.take().await else { return refuse(StatusCode::GONE, "no more events") };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let trace = id.rsplit('-').next().unwrap_or_default();
    let response = Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-deadline-ms", (now + headers.timeout).as_millis().to_string())
        .header("lambda-runtime-invoked-function-arn", &headers.function_arn)
        .header("lambda-runtime-trace-id", format!("Root=1-{:08x}-000000000000{trace};Sampled=0", now.as_secs()))
        .header("lambda-runtime-aws-request-id", id)
        .body(Full::new(event));
    response.expect("the headers are well formed")
}

async fn report(request: Request<Incoming>) -> FunctionError {
    let kind = request.headers().get(ERROR_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    FunctionError { kind, body: body(request).await.unwrap_or_default() }
}

async fn body(request: Request<Incoming>) -> Option<Bytes> {
    Limited::new(request.into_body(), LARGEST_ANSWER).collect().await.ok().map(|body| body.to_bytes())
}

fn completed(known: bool) -> Response<Full<Bytes>> {
    if !known {
        return refuse(StatusCode::BAD_REQUEST, "InvalidRequestID");
    }
    let mut response = Response::new(Full::from(r#"{"status":"OK"}"#));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

fn refuse(status: StatusCode, what: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(what.to_owned()));
    *response.status_mut() = status;
    response
}
