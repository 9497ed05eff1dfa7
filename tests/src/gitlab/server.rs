use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::instance::Instance;
use super::job::JobDescription;
use super::outage::Outage;
use super::routes::{KeySetCounts, Site, router};
use super::token::JobToken;
use crate::tls::{PrivateCa, TlsListener};

/// A GitLab in the test's own process, gone when dropped.
#[derive(Debug)]
pub struct LocalGitlab {
    site: Arc<Site>,
    address: SocketAddr,
    ca_pem: Option<String>,
    server: JoinHandle<()>,
}

impl LocalGitlab {
    /// Starts one at `http://localhost:<some port>`.
    pub async fn start() -> Self {
        let (listener, address) = listen().await;
        Self::start_at(listener, address, format!("http://localhost:{}", address.port()))
    }

    /// Starts one that is called something else than its [address](Self::address): what has that name stands before it.
    pub async fn start_called(issuer: String) -> Self {
        let (listener, address) = listen().await;
        Self::start_at(listener, address, issuer)
    }

    fn start_at(listener: TcpListener, address: SocketAddr, issuer: String) -> Self {
        let site = Arc::new(Site::new(Instance::in_memory(issuer)));
        let routes = router(site.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.expect("the server runs") });
        Self { site, address, ca_pem: None, server }
    }

    /// Starts one at `https://localhost:<some port>`, whose certificate a private authority signed.
    pub async fn start_with_tls() -> Self {
        let (listener, address) = listen().await;
        let site = Arc::new(Site::new(Instance::in_memory(format!("https://localhost:{}", address.port()))));
        let authority = PrivateCa::new();
        let listener = TlsListener::new(listener, &authority);
        let routes = router(site.clone());
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.expect("the server runs") });
        Self { site, address, ca_pem: Some(authority.pem()), server }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The instance itself: its keys, its rotation.
    pub fn instance(&self) -> &Instance {
        &self.site.instance
    }

    /// `iss` of its tokens, and where it can be reached.
    pub fn issuer(&self) -> &str {
        self.instance().issuer()
    }

    /// The certificate of its authority, if it speaks TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The token of an ordinary job: a push to the protected `main` of project 4711.
    pub fn job(&self) -> JobToken {
        self.job_as(&JobDescription::default())
    }

    /// The token of the described job.
    pub fn job_as(&self, job: &JobDescription) -> JobToken {
        self.instance().job_token(job).expect("the described job exists")
    }

    /// Signs as GitLab would.
    pub fn sign(&self, token: &JobToken) -> String {
        self.instance().sign(token)
    }

    /// Breaks the key set's address, or mends it.
    pub fn set_outage(&self, outage: Outage) {
        self.site.set_outage(outage);
    }

    /// How often somebody came for the keys.
    pub fn counts(&self) -> KeySetCounts {
        self.site.counts()
    }
}

impl Drop for LocalGitlab {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves the instance until the process ends.
pub async fn serve(listener: TcpListener, instance: Instance) -> io::Result<()> {
    axum::serve(listener, router(Arc::new(Site::new(instance)))).await
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = loopback(0).await.expect("a port is free");
    let address = listener.local_addr().expect("the listener has an address");
    (listener, address)
}

/// A listener that only this machine reaches: whoever reaches this server can have any identity.
pub async fn loopback(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await
}
