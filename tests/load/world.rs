use brevet_tests::aws::{FakeAws, item};
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, LocalGitlab};
use serde_json::{Map, Value, json};

pub(crate) const TABLE: &str = "role-mappings";
pub(crate) const LEDGER: &str = "token-uses";

/// The name under which a token may be used once.
pub(crate) const ONCE: &str = "once";

/// What no log line and no refusal may hold.
pub(crate) const SECRETS: [&str; 4] =
    ["fake-secret-access-key", "fake-session-token", "own-secret-key", "own-session-token"];

/// What the functions talk to.
pub(crate) struct World {
    pub(crate) gitlab: LocalGitlab,
    pub(crate) aws: FakeAws,
}

impl World {
    /// A GitLab with its projects, and a table with a row for each verdict.
    pub(crate) async fn start() -> Self {
        let world = Self { gitlab: LocalGitlab::start().await, aws: FakeAws::start().await };
        world.aws.keep_counts_only();
        for row in rows(world.gitlab.issuer().trim_start_matches("http://")) {
            world.aws.put_item(TABLE, item(&row));
        }
        world
    }

    /// What both functions are told.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let trusted = json!([{"issuer": self.gitlab.issuer(), "audiences": [DEFAULT_AUDIENCE]}]);
        vec![
            ("TRUSTED_ISSUERS", trusted.to_string()),
            ("ROLE_MAPPING_TABLE", TABLE.to_owned()),
            ("TOKEN_USE_TABLE", LEDGER.to_owned()),
            ("ROUTE_POLICY", "mappings".to_owned()),
            ("API_NAME", "reports".to_owned()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "ASIAOWNOWNOWNOWNOWN0".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "own-secret-key".to_owned()),
            ("AWS_SESSION_TOKEN", "own-session-token".to_owned()),
            ("AWS_ENDPOINT_URL", self.aws.url().to_owned()),
        ]
    }
}

/// Projects: 4711 is `nordwind/platform/payments-api`, 4712 is `nordwind/platform/web`, 9902 is a fork of 4711.
fn rows(host: &str) -> Vec<Value> {
    let main = json!({"ref": "main", "ref_protected": "true"});
    let row = |scope: &str, name: &str, more: Value| {
        let mut row =
            json!({"name": name, "conditions": main, "role_arn": "arn:aws:iam::111122223333:role/brevet/any"});
        let members: Map<String, Value> = serde_json::from_value(more).unwrap_or_default();
        if let Some(row) = row.as_object_mut() {
            row.insert(
                "scope".to_owned(),
                json!(if scope.is_empty() { host.to_owned() } else { format!("{host}/{scope}") }),
            );
            row.extend(members);
            row.retain(|_, value| !value.is_null());
        }
        row
    };
    vec![
        row("project/4711", "deploy", json!({})),
        row("project/4711", "brief", json!({"max_duration_seconds": 1800, "duration_seconds": 900})),
        row("project/4711", "moved", json!({"project_path": "nordwind/platform/payments"})),
        row("project/4711", "frozen", json!({})),
        row("", "frozen", json!({"effect": "deny", "role_arn": null, "conditions": {"user_login": "mlind"}})),
        row("project/4711", "misspelt", json!({"conditions": {"reff": "main", "ref_protected": "true"}})),
        row("project/4711", ONCE, json!({"max_uses_per_token": 1})),
        row("project/4711", "api.reports", json!({"role_arn": null, "routes": ["GET /whoami", "GET /reports/*"]})),
        row("project/4712", "deploy", json!({})),
        row("project/4712", "web-only", json!({})),
        row("project/9902", "deploy", json!({"conditions": {"ref": "main"}, "allow_unprotected": true})),
        row("namespace/812", "shared", json!({})),
        row("group/nordwind", "group-wide", json!({})),
        row("", "everyone", json!({})),
    ]
}
