use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// How long a slow key set takes: longer than any caller should wait.
const SLOW: Duration = Duration::from_secs(20);

/// What the key set's address answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outage {
    /// The keys.
    #[default]
    Up,
    /// 503, as a load balancer says when GitLab is gone.
    Down,
    /// The keys, after twenty seconds.
    Slow,
    /// 200, and a page that is no JSON.
    Garbage,
    /// The keys, and a megabyte beside them.
    Huge,
    /// A redirect to an address that does have the keys: following it is the mistake.
    Redirect,
    /// A key set without keys.
    Empty,
}

impl Outage {
    pub(super) async fn answer(self, key_set: Value) -> Response {
        match self {
            Self::Up => cached_as_gitlab_does(key_set),
            Self::Down => (StatusCode::SERVICE_UNAVAILABLE, Html("<h1>503</h1>")).into_response(),
            Self::Slow => {
                tokio::time::sleep(SLOW).await;
                cached_as_gitlab_does(key_set)
            }
            Self::Garbage => Html("<html>please sign in</html>").into_response(),
            Self::Huge => {
                cached_as_gitlab_does(json!({"keys": key_set.get("keys"), "padding": "x".repeat(1024 * 1024)}))
            }
            Self::Redirect => Redirect::temporary("/-/jwks").into_response(),
            Self::Empty => cached_as_gitlab_does(json!({"keys": []})),
        }
    }
}

fn cached_as_gitlab_does(key_set: Value) -> Response {
    let cache = "max-age=86400, public, must-revalidate, no-transform";
    let headers = HeaderMap::from_iter([(header::CACHE_CONTROL, header::HeaderValue::from_static(cache))]);
    (headers, Json(key_set)).into_response()
}
