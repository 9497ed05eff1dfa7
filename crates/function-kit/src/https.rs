//! The one HTTP connector: rustls on aws-lc, shared by DynamoDB, STS and the key sets, so that there is one TLS stack
//! and one pool of connections.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as _, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

/// Neither a connection nor an answer may take longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// A connector, with its pool. Clones share both. It is made when it is first used: the system's certificates take longer
/// to read than all the rest of a start, and a function whose keys are in its settings never needs them.
#[derive(Clone)]
pub struct Https(Arc<Lazy>);

struct Lazy {
    context: TlsContext,
    connector: OnceLock<SharedHttpConnector>,
}

/// Why a document could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpsError {
    /// The connection could not be made, or broke.
    Connect,
    /// The whole took longer than a second.
    TimedOut,
    /// The body is over the limit.
    TooLarge,
    /// The certificates to trust cannot be read.
    CaBundle,
}

impl Https {
    /// Trusts the system's authorities (and those of `SSL_CERT_FILE`), and `ca_bundle_pem` beside them.
    pub fn new(ca_bundle_pem: Option<&str>) -> Result<Self, HttpsError> {
        let mut trusted = TrustStore::default();
        if let Some(pem) = ca_bundle_pem {
            trusted.add_pem_certificate(pem.as_bytes());
        }
        let context = TlsContext::builder().with_trust_store(trusted).build().map_err(|_| HttpsError::CaBundle)?;
        Ok(Self(Arc::new(Lazy { context, connector: OnceLock::new() })))
    }

    /// The same connector for the AWS SDK's clients.
    pub fn sdk_client(&self) -> SharedHttpClient {
        let https = self.clone();
        http_client_fn(move |_, _| https.connector().clone())
    }

    /// Fetches a document of at most `limit` bytes: its status and body. Redirects are not followed.
    pub async fn get(&self, url: &str, limit: usize) -> Result<(u16, Vec<u8>), HttpsError> {
        tokio::time::timeout(PATIENCE, self.get_unhurried(url, limit)).await.unwrap_or(Err(HttpsError::TimedOut))
    }

    fn connector(&self) -> &SharedHttpConnector {
        self.0.connector.get_or_init(|| {
            let settings = HttpConnectorSettings::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build();
            let connector = Connector::builder()
                .connector_settings(settings)
                .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
                .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
                .tls_context(self.0.context.clone())
                .build();
            SharedHttpConnector::new(connector)
        })
    }

    async fn get_unhurried(&self, url: &str, limit: usize) -> Result<(u16, Vec<u8>), HttpsError> {
        let request = HttpRequest::get(url).map_err(|_| HttpsError::Connect)?;
        let response = self
            .connector()
            .call(request)
            .await
            .map_err(|fault| if fault.is_timeout() { HttpsError::TimedOut } else { HttpsError::Connect })?;
        let status = response.status().as_u16();
        match Limited::new(response.into_body(), limit).collect().await {
            Ok(body) => Ok((status, body.to_bytes().to_vec())),
            Err(fault) if fault.is::<LengthLimitError>() => Err(HttpsError::TooLarge),
            Err(_) => Err(HttpsError::Connect),
        }
    }
}
