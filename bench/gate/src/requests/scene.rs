use anyhow::Context as _;
use brevet_tests::aws::{FakeAws, item};
use brevet_tests::events::sample_event;
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, Instance, JobDescription};
use brevet_tests::runtime_api::Bootstrap;
use serde_json::{Value, json};

use crate::operations::rows::{api_routes, deployment, freeze, scopes};
use crate::world::HOST;

const TABLE: &str = "role-mappings";

/// A GitLab that has signed some tokens and is not asked for keys, and an AWS with the rows of the operations in its table.
pub(crate) struct Scene {
    aws: FakeAws,
    key_set: Value,
    tokens: Vec<String>,
}

impl Scene {
    pub(crate) async fn start(tokens: usize) -> anyhow::Result<Self> {
        let (gitlab, aws) = (Instance::in_memory(format!("https://{HOST}")), FakeAws::start().await);
        aws.keep_counts_only();
        let scopes = scopes();
        let allow = scopes.iter().flat_map(|scope| [deployment(scope, "deploy"), api_routes(scope)]);
        for row in allow.chain(scopes.iter().skip(2).map(|scope| freeze(scope))) {
            aws.put_item(TABLE, item(&row));
        }
        let token = |_| Ok(gitlab.sign(&gitlab.job_token(&JobDescription::default())?));
        let tokens = (0..tokens).map(token).collect::<anyhow::Result<_>>()?;
        Ok(Self { aws, key_set: gitlab.key_set(), tokens })
    }

    /// The function's sample event with one of the tokens.
    pub(crate) fn event(&self, function: &str, token: usize) -> anyhow::Result<String> {
        let case = if function == "authorizer" { "rest-request" } else { "rest-get" };
        let token = self.tokens.get(token).context("there are tokens for every request")?;
        Ok(sample_event(function, case, token).to_string())
    }

    pub(crate) fn settings(&self, bootstrap: Bootstrap) -> Bootstrap {
        let issuer =
            json!({"issuer": format!("https://{HOST}"), "audiences": [DEFAULT_AUDIENCE], "jwks": self.key_set});
        bootstrap
            .variable("TRUSTED_ISSUERS", json!([issuer]).to_string())
            .variable("ROLE_MAPPING_TABLE", TABLE)
            .variable("TOKEN_USE_TABLE", "token-uses")
            .variable("AWS_REGION", "eu-central-1")
            .variable("AWS_ACCESS_KEY_ID", "ASIAOWNOWNOWNOWNOWN0")
            .variable("AWS_SECRET_ACCESS_KEY", "own-secret-key")
            .variable("AWS_SESSION_TOKEN", "own-session-token")
            .variable("AWS_ENDPOINT_URL", self.aws.url())
    }
}
