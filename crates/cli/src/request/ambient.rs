//! The session that an AWS SDK would find here: that of `brevet exec`, or Brevet's own by the six lines.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use url::Url;

use crate::answer::Answer;
use crate::endpoint::{is_loopback, is_safe};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::http::{self, Trust};
use crate::session::SessionCredentials;

const WHOLE: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: usize = 64 * 1024;

/// Asks where `AWS_CONTAINER_CREDENTIALS_FULL_URI` leads.
pub(super) async fn session(environment: &Environment, trust: &Trust) -> Result<SessionCredentials, Failure> {
    let uri = environment.text("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let token = environment.text("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    let (Some(uri), Some(token)) = (uri, token) else {
        let message = "nothing says whose session is to sign";
        return Err(Failure::misconfigured("session_missing", message, "give --role, or run this below `brevet exec`"));
    };
    let unusable = || {
        let message = "AWS_CONTAINER_CREDENTIALS_FULL_URI or the token beside it cannot be used";
        Failure::misconfigured("endpoint_invalid", message, "give --role, or run this below `brevet exec`")
    };
    let url = Url::parse(uri).ok().filter(is_safe).ok_or_else(unusable)?;
    let mut value = HeaderValue::from_str(token.trim()).map_err(|_| unusable())?;
    value.set_sensitive(true);
    let from = url.host_str().unwrap_or_default().to_owned();
    let client = trust.client(WHOLE, is_loopback(&url))?;
    let sent = client.get(url).header(AUTHORIZATION, value).send().await;
    let response = sent.map_err(|fault| http::no_answer(&fault, &from))?;
    let (status, retry_after) = (response.status().as_u16(), http::retry_after(&response));
    let body = http::text(response, LONGEST_ANSWER, &from).await?;
    if status != 200 {
        return Err(Answer::new(status, retry_after, body.as_bytes()).into_failure(&from));
    }
    SessionCredentials::parse(&body).map_err(|fault| {
        Failure::misconfigured("not_brevet", format!("`{from}`: {fault}"), "check AWS_CONTAINER_CREDENTIALS_FULL_URI")
    })
}
