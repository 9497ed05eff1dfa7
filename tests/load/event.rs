use anyhow::Context as _;
use brevet_tests::events::sample_event;
use serde_json::Value;

/// A sample event with holes for what changes from one request to the next.
#[derive(Clone, Debug)]
pub(crate) struct Template(String);

/// What goes into the holes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filling<'a> {
    pub(crate) id: &'a str,
    pub(crate) token: &'a str,
    /// The role asked for, or the method and path of a route.
    pub(crate) target: &'a str,
    pub(crate) duration: &'a str,
}

impl Template {
    /// Makes holes at these JSON pointers of a sample event, and one for the request id.
    pub(crate) fn of(function: &str, case: &str, holes: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut event = sample_event(function, case, "{{token}}");
        for (pointer, content) in holes.iter().chain([&("/requestContext/requestId", "{{id}}")]) {
            let place = event.pointer_mut(pointer).with_context(|| format!("{function}/{case} has no {pointer}"))?;
            *place = Value::from(*content);
        }
        Ok(Self(event.to_string()))
    }

    pub(crate) fn fill(&self, filling: Filling<'_>) -> String {
        let Filling { id, token, target, duration } = filling;
        let filled = self.0.replace("{{token}}", token).replace("{{id}}", id);
        filled.replace("{{target}}", target).replace("{{duration}}", duration)
    }
}

/// The events that the requests are made of.
#[derive(Clone, Debug)]
pub(crate) struct Templates {
    pub(crate) credentials: Vec<Template>,
    pub(crate) with_duration: Template,
    pub(crate) without_role: Template,
    pub(crate) without_token: Template,
    pub(crate) authorizer: Vec<Template>,
}

impl Templates {
    pub(crate) fn load() -> anyhow::Result<Self> {
        let rest =
            [("/queryStringParameters/role", "{{target}}"), ("/multiValueQueryStringParameters/role/0", "{{target}}")];
        let timed = [
            ("/queryStringParameters/duration_seconds", "{{duration}}"),
            ("/multiValueQueryStringParameters/duration_seconds/0", "{{duration}}"),
        ];
        let http = [("/queryStringParameters/role", "{{target}}"), ("/rawQueryString", "role={{target}}")];
        let arn = |api: &str| format!("arn:aws:execute-api:eu-central-1:111122223333:{api}/{{{{target}}}}");
        let rest_arn = arn("r3st4p1abc/v1");
        let http_arn = arn("h77p4p1def/$default");
        Ok(Self {
            credentials: vec![
                Template::of("credentials", "rest-get", &rest)?,
                Template::of("credentials", "http-v2-get", &http)?,
            ],
            with_duration: Template::of("credentials", "rest-get-duration", &[rest, timed].concat())?,
            without_role: Template::of("credentials", "rest-get-without-role", &[])?,
            without_token: Template::of("credentials", "rest-get-without-token", &[])?,
            authorizer: vec![
                Template::of("authorizer", "rest-request", &[("/methodArn", rest_arn.as_str())])?,
                Template::of("authorizer", "http-v2", &[("/routeArn", http_arn.as_str())])?,
            ],
        })
    }
}
