//! The credential endpoint for the command: the AWS SDKs' container-credentials contract on 127.0.0.1.

mod response;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use self::response::refusal;
use crate::exec::keeper::SessionKeeper;
use crate::exec::secret::Secret;
use crate::failure::Failure;

/// Where the session is served. Not `/credentials`: this is not Brevet, and must not be taken for it.
const PATH: &str = "/session";
/// More at a time than any tool opens.
const CONNECTIONS: usize = 64;
/// For the head of a request, which is all that is read.
const HEAD: Duration = Duration::from_secs(5);

/// A running endpoint. It ends with the process.
#[derive(Debug)]
pub(super) struct Loopback {
    address: SocketAddr,
    secret: Secret,
}

struct Door {
    address: SocketAddr,
    secret: Secret,
    keeper: Arc<SessionKeeper>,
}

impl Loopback {
    /// Listens on a free port of 127.0.0.1, with a new secret.
    pub(super) async fn start(keeper: Arc<SessionKeeper>) -> Result<Self, Failure> {
        let secret = Secret::random()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|fault| no_listener(&fault))?;
        let address = listener.local_addr().map_err(|fault| no_listener(&fault))?;
        tokio::spawn(serve(listener, Arc::new(Door { address, secret: secret.clone(), keeper })));
        Ok(Self { address, secret })
    }

    /// What the command proves itself with.
    pub(super) fn expose_secret(&self) -> &str {
        self.secret.expose()
    }

    /// The two variables that lead an AWS SDK here. The second is secret.
    pub(super) fn expose_variables(&self) -> [(&'static str, String); 2] {
        [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://{}{PATH}", self.address)),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", self.secret.expose().to_owned()),
        ]
    }
}

fn no_listener(fault: &io::Error) -> Failure {
    let message = format!("no port of 127.0.0.1 can be listened on: {fault}");
    Failure::misconfigured("no_loopback", message, "allow it, or use `brevet exec --env`, which needs no port")
}

async fn serve(listener: TcpListener, door: Arc<Door>) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    answer_one(stream, door).await;
                    drop(slot);
                });
            }
            // Out of file descriptors, most likely: the next moment is better.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn answer_one(stream: TcpStream, door: Arc<Door>) {
    let service = service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(door.answer(&request).await) }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.keep_alive(false).timer(TokioTimer::new()).header_read_timeout(HEAD);
    // Whoever breaks off is told nothing; there is nobody else to tell.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

impl Door {
    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if !self.is_asked_as_loopback(request) {
            return refusal(
                StatusCode::FORBIDDEN,
                "not_loopback",
                "ask by the address in AWS_CONTAINER_CREDENTIALS_FULL_URI",
            );
        }
        let mut presented = request.headers().get_all(AUTHORIZATION).iter();
        let (first, second) = (presented.next(), presented.next());
        match (first, second) {
            (Some(one), None) if self.secret.is(one.as_bytes()) => {}
            (None, _) => {
                return refusal(
                    StatusCode::UNAUTHORIZED,
                    "token_missing",
                    "send AWS_CONTAINER_AUTHORIZATION_TOKEN in the `Authorization` header",
                );
            }
            _ => {
                return refusal(
                    StatusCode::UNAUTHORIZED,
                    "token_invalid",
                    "this is not the AWS_CONTAINER_AUTHORIZATION_TOKEN of this `brevet exec`",
                );
            }
        }
        if request.method() != Method::GET || request.uri().path() != PATH {
            return refusal(StatusCode::BAD_REQUEST, "bad_request", "all there is here is `GET /session`");
        }
        match self.keeper.session().await {
            Ok(session) => response::session(&session),
            Err(failure) => response::passed_on(&failure),
        }
    }

    /// A page in a browser can make it ask 127.0.0.1 under a name of its own; nobody else has another name for us.
    fn is_asked_as_loopback(&self, request: &Request<Incoming>) -> bool {
        let mut hosts = request.headers().get_all(HOST).iter();
        let port = self.address.port();
        let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let host = hosts.next().and_then(|host| host.to_str().ok());
        hosts.next().is_none() && host.is_some_and(|host| ours.iter().any(|our| our.eq_ignore_ascii_case(host)))
    }
}
