//! TLS under a private certificate authority.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// An authority nobody trusts unless told to.
pub struct PrivateCa {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl PrivateCa {
    /// Makes one.
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are valid names");
        // OpenSSL takes a certificate for self-signed that is called like its authority.
        params.distinguished_name.push(DnType::CommonName, "private authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("a key can be generated");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("a certificate can sign itself") }
    }

    /// Its certificate.
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// Settings for a server called `localhost`.
    pub fn server_config(&self) -> ServerConfig {
        let key = KeyPair::generate().expect("a key can be generated");
        let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("localhost is a valid name");
        let certificate = params.signed_by(&key, &self.issuer).expect("the authority signs");
        let private_key = PrivateKeyDer::try_from(key.serialize_der()).expect("the key has a known form");
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private_key)
            .expect("the certificate fits its key")
    }
}

impl Default for PrivateCa {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PrivateCa {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateCa").finish_non_exhaustive()
    }
}

/// A listener that answers in TLS; connections whose handshake fails never reach the server.
pub struct TlsListener {
    inner: TcpListener,
    acceptor: TlsAcceptor,
}

impl TlsListener {
    /// Wraps a listener.
    pub fn new(inner: TcpListener, authority: &PrivateCa) -> Self {
        Self { inner, acceptor: TlsAcceptor::from(Arc::new(authority.server_config())) }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok((stream, address)) = self.inner.accept().await
                && stream.set_nodelay(true).is_ok()
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::{CertificateDer, ServerName};
    use rustls::{ClientConfig, RootCertStore};
    use tokio_rustls::TlsConnector;
    use tokio_rustls::client;

    use super::*;
    use crate::gitlab::loopback;

    /// A connection, as its server and as its client have it.
    async fn connect(authority: &PrivateCa) -> (TlsStream<TcpStream>, client::TlsStream<TcpStream>) {
        let mut listener = TlsListener::new(loopback(0).await.unwrap(), authority);
        let mut roots = RootCertStore::empty();
        roots.add(authority.issuer.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let connector = TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()));
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let ((server, _), client) = tokio::join!(listener.accept(), connector.connect(name, stream));
        (server, client.unwrap())
    }

    fn subject(certificate: &CertificateDer<'static>) -> Vec<u8> {
        let mut store = RootCertStore::empty();
        store.add(certificate.clone()).unwrap();
        store.subjects()[0].as_ref().to_vec()
    }

    #[tokio::test]
    async fn a_server_is_not_called_like_its_authority() {
        let authority = PrivateCa::new();
        let (_server, client) = connect(&authority).await;
        let [certificate] = client.get_ref().1.peer_certificates().unwrap() else { panic!("one certificate is sent") };
        assert_ne!(subject(certificate), subject(authority.issuer.der()));
    }

    #[tokio::test]
    async fn a_connection_does_not_wait_for_more_to_send() {
        let (server, _client) = connect(&PrivateCa::new()).await;
        assert!(server.get_ref().0.nodelay().unwrap());
    }
}
