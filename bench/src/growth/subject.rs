use brevet_tests::aws::item;
use brevet_tests::gitlab::JobToken;
use brevet_tests::runtime_api::Bootstrap;
use serde_json::{Value, json};

use crate::options::Run;
use crate::stream::Stream;
use crate::world::{TABLE, World};

/// The functions, and the world in which something grows.
pub(super) struct Subject {
    pub(super) world: World,
    authorizer: Bootstrap,
    credentials: Bootstrap,
    pub(super) quick: bool,
}

/// How many tokens a stream has: few, because a verified signature is remembered and rows are not.
const TOKENS: usize = 16;

impl Subject {
    pub(super) async fn start(run: &Run) -> anyhow::Result<Self> {
        let function = |name: &str| Bootstrap::new(run.binary(name)).name(name);
        Ok(Self {
            world: World::start().await?,
            authorizer: function("authorizer"),
            credentials: function("credentials"),
            quick: run.quick,
        })
    }

    /// The sizes to look at; a quick run leaves out the largest.
    pub(super) fn sizes(&self, sizes: &[usize]) -> Vec<usize> {
        sizes.iter().take(if self.quick { 3 } else { sizes.len() }).copied().collect()
    }

    pub(super) fn credentials(&self) -> Bootstrap {
        self.world.brevet_with_static_keys(self.credentials.clone())
    }

    /// The authorizer that lets every verified job through.
    pub(super) fn authorizer(&self) -> Bootstrap {
        self.world.brevet_with_static_keys(self.authorizer.clone()).variable("ROUTE_POLICY", "authenticated")
    }

    /// The authorizer that reads rows.
    pub(super) fn authorizer_by_rows(&self) -> Bootstrap {
        let bootstrap = self.world.brevet_with_static_keys(self.authorizer.clone());
        bootstrap.variable("ROUTE_POLICY", "mappings").variable("API_NAME", "reports")
    }

    /// The issuer without its scheme.
    pub(super) fn host(&self) -> &str {
        self.world.gitlab.issuer().trim_start_matches("https://")
    }

    /// The table has these rows and no others.
    pub(super) fn set_rows(&self, rows: impl IntoIterator<Item = Value>) {
        self.world.aws.empty_table(TABLE);
        rows.into_iter().for_each(|row| self.world.aws.put_item(TABLE, item(&row)));
    }

    /// A row of project 4711 that grants `deploy` to the protected `main`.
    pub(super) fn deploy(&self) -> Value {
        json!({
            "scope": format!("{}/project/4711", self.host()),
            "name": "deploy",
            "role_arn": "arn:aws:iam::111122223333:role/brevet/payments-deploy",
            "conditions": {"ref": "main", "ref_protected": "true"},
        })
    }

    /// A row of project 4711 that opens these routes.
    pub(super) fn routes(&self, routes: &[String]) -> Value {
        json!({
            "scope": format!("{}/project/4711", self.host()),
            "name": "api.reports",
            "routes": routes,
            "conditions": {"ref_protected": "true"},
        })
    }

    /// Sample events with tokens of different jobs, each changed in the same way.
    pub(super) fn events(&self, function: &str, case: &str, change: impl Fn(JobToken) -> JobToken) -> Vec<String> {
        self.many_events(TOKENS, function, case, change)
    }

    /// So many of them.
    pub(super) fn many_events(
        &self,
        count: usize,
        function: &str,
        case: &str,
        change: impl Fn(JobToken) -> JobToken,
    ) -> Vec<String> {
        let tokens = (0..count).map(|_| self.world.gitlab.sign(&change(self.world.gitlab.job()))).collect::<Vec<_>>();
        Stream::of(function, case, &tokens).events
    }

    /// The usual question for `deploy`.
    pub(super) fn vends(&self) -> Vec<String> {
        self.events("credentials", "rest-get", |token| token)
    }

    /// The usual question about `GET /whoami`.
    pub(super) fn authorizations(&self) -> Vec<String> {
        self.events("authorizer", "rest-request", |token| token)
    }
}

/// An HTTP answer of status 200.
pub(super) fn is_ok(answer: &Value) -> bool {
    answer.get("statusCode").is_some_and(|status| *status == 200)
}

/// A policy that allows something.
pub(super) fn allows(answer: &Value) -> bool {
    answer.pointer("/policyDocument/Statement/0/Effect").is_some_and(|effect| effect == "Allow")
}
