//! Brevet's API as a client sees it.

use std::time::{Duration, Instant};

use brevet_policy::MappingName;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::failure::Failure;
use crate::http::{self, Trust};
use crate::patience::Patience;
use crate::session::SessionCredentials;
use crate::token::TokenSource;

/// One request, from connecting to the last byte. Brevet itself answers within two seconds.
const WHOLE: Duration = Duration::from_secs(10);
/// Brevet's answers are a few kilobytes; a list of all mappings of a job may be longer.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// What a job asks for: less than the mapping gives, or all of it.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// The mapping.
    pub role: MappingName,
    /// A shorter session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u64>,
    /// A further policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_policy: Option<Value>,
}

/// Brevet, asked with the token of this job.
#[derive(Clone, Debug)]
pub(crate) struct Brevet {
    client: Client,
    endpoint: Endpoint,
    tokens: TokenSource,
}

impl Brevet {
    /// Asks nothing yet.
    pub(crate) fn new(endpoint: Endpoint, tokens: TokenSource, trust: &Trust) -> Result<Self, Failure> {
        let client = trust.client(WHOLE, endpoint.is_loopback())?;
        Ok(Self { client, endpoint, tokens })
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The job's token and where it comes from.
    pub(crate) fn tokens(&self) -> &TokenSource {
        &self.tokens
    }

    /// A session of a role. Waits and asks again as patience allows, with a line on standard error.
    pub(crate) async fn session(&self, question: &Question, patience: Patience) -> Result<SessionCredentials, Failure> {
        let began = Instant::now();
        let mut attempt = 1;
        loop {
            let failure = match self.session_once(question).await {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            let Some(wait) = patience.wait(&failure, attempt, began.elapsed()) else { return Err(failure) };
            crate::output::say(&format!(
                "brevet: {}: {}; asking again in {} s",
                failure.code(),
                failure,
                wait.as_secs_f32().ceil()
            ));
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    /// A session of a role, asked for once.
    pub(crate) async fn session_once(&self, question: &Question) -> Result<SessionCredentials, Failure> {
        let request = self.request(Method::POST, "/credentials")?.json(question);
        let body = self.body(self.send(request).await?).await?;
        SessionCredentials::parse(&body).map_err(|_| self.not_brevet("credentials"))
    }

    /// A JSON object of one of the routes that tell something, such as `/whoami`.
    pub(crate) async fn tell(&self, route: &str) -> Result<Map<String, Value>, Failure> {
        let body = self.body(self.get(route).await?).await?;
        serde_json::from_str(&body).map_err(|_| self.not_brevet("a JSON object"))
    }

    /// The plain answer to a `GET`, whatever its status.
    pub(crate) async fn get(&self, route: &str) -> Result<Response, Failure> {
        self.send(self.request(Method::GET, route)?).await
    }

    /// The body of an answer, or what an answer other than 200 means.
    pub(crate) async fn body(&self, response: Response) -> Result<String, Failure> {
        let (status, retry_after) = (response.status().as_u16(), http::retry_after(&response));
        let from = self.endpoint.to_string();
        let body = http::text(response, LONGEST_ANSWER, &from).await?;
        if status == 200 {
            Ok(body)
        } else {
            Err(Answer::new(status, retry_after, body.as_bytes()).into_failure(&from))
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        request.send().await.map_err(|fault| http::no_answer(&fault, &self.endpoint.to_string()))
    }

    /// The token is read anew each time, and no log of a library ever prints the header.
    fn request(&self, method: Method, route: &str) -> Result<RequestBuilder, Failure> {
        let token = self.tokens.token()?;
        let mut value = reqwest::header::HeaderValue::from_str(token.expose()).map_err(|_| {
            Failure::misconfigured("token_malformed", "the token cannot be sent", "use the token as GitLab sets it")
        })?;
        value.set_sensitive(true);
        // `route` may bring its own query, which is Brevet's and not the user's.
        let (path, query) = route.split_once('?').map_or((route, None), |(path, query)| (path, Some(query)));
        let mut url = self.endpoint.route(path);
        url.set_query(query);
        Ok(self.client.request(method, url).header(AUTHORIZATION, value))
    }

    fn not_brevet(&self, what: &str) -> Failure {
        let message = format!("what answers at `{}` is not Brevet: its answer is not {what}", self.endpoint);
        Failure::misconfigured("not_brevet", message, "check BREVET_URL, and whether a proxy answers in Brevet's place")
    }
}
