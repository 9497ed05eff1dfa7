use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::instance::Instance;
use super::job::JobDescription;
use super::outage::Outage;

/// How often somebody came for the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeySetCounts {
    /// Requests for the discovery document.
    pub discovery: u64,
    /// Requests for the key set, answered or not.
    pub key_sets: u64,
}

/// An instance on the network.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) instance: Instance,
    outage: Mutex<Outage>,
    discovery: AtomicU64,
    key_sets: AtomicU64,
}

impl Site {
    pub(super) fn new(instance: Instance) -> Self {
        Self { instance, outage: Mutex::default(), discovery: AtomicU64::new(0), key_sets: AtomicU64::new(0) }
    }

    pub(super) fn counts(&self) -> KeySetCounts {
        KeySetCounts {
            discovery: self.discovery.load(Ordering::Relaxed),
            key_sets: self.key_sets.load(Ordering::Relaxed),
        }
    }

    pub(super) fn set_outage(&self, outage: Outage) {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner) = outage;
    }

    fn outage(&self) -> Outage {
        *self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// GitLab's public addresses, and the switches under `/_local/` that no GitLab has.
pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/oauth/discovery/keys", get(key_set))
        .route("/-/jwks", get(old_key_set))
        .route("/_local/token", post(token))
        .route("/_local/rotate", post(rotate))
        .route("/_local/outage", post(outage))
        .route("/_local/stats", get(stats))
        .with_state(site)
}

/// Describes a *sign-in* provider: that job tokens share its issuer and keys is nowhere in it.
async fn discovery(State(site): State<Arc<Site>>) -> Json<Value> {
    site.discovery.fetch_add(1, Ordering::Relaxed);
    let issuer = site.instance.issuer();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": format!("{issuer}/oauth/token"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "jwks_uri": format!("{issuer}/oauth/discovery/keys"),
        "scopes_supported": ["api", "read_api", "read_user", "openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "grant_types_supported": ["authorization_code", "client_credentials", "device_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claim_types_supported": ["normal"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "name", "email", "groups_direct",
            "project_path", "ci_config_ref_uri", "ref_path", "sha", "environment", "jti"],
        "code_challenge_methods_supported": ["plain", "S256"],
    }))
}

async fn key_set(State(site): State<Arc<Site>>) -> Response {
    site.key_sets.fetch_add(1, Ordering::Relaxed);
    site.outage().answer(site.instance.key_set()).await
}

/// Where the keys were on old instances: what the redirect of [`Outage::Redirect`] leads to.
async fn old_key_set(State(site): State<Arc<Site>>) -> Response {
    site.key_sets.fetch_add(1, Ordering::Relaxed);
    Outage::Up.answer(site.instance.key_set()).await
}

async fn token(State(site): State<Arc<Site>>, Json(job): Json<JobDescription>) -> Response {
    match site.instance.job_token(&job) {
        Ok(token) => Json(json!({"token": site.instance.sign(&token), "claims": token.claims()})).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({"message": error.to_string()}))).into_response(),
    }
}

async fn rotate(State(site): State<Arc<Site>>) -> Response {
    match site.instance.rotate() {
        Ok(key_id) => Json(json!({"kid": key_id})).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({"message": error.to_string()}))).into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switches {
    keys: Outage,
}

async fn outage(State(site): State<Arc<Site>>, Json(switches): Json<Switches>) -> StatusCode {
    site.set_outage(switches.keys);
    StatusCode::NO_CONTENT
}

async fn stats(State(site): State<Arc<Site>>) -> Json<KeySetCounts> {
    Json(site.counts())
}
