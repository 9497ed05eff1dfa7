//! Where attacks are tried out: both functions, a GitLab they trust, another issuer, and a server of the attacker's.

use std::time::Instant;

use brevet_tests::attacks::{Case, Cast, OTHER_ISSUER};
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, LocalGitlab};
use serde_json::{Value, json};

use super::target::Target;
use crate::world::World;

/// Seconds that must lie between two fetches of an issuer's keys.
const COOL_DOWN: u64 = 30;

/// Both functions, ready to be attacked.
pub(super) struct Range {
    targets: [Target; 2],
    attacker: LocalGitlab,
    began: Instant,
}

impl Range {
    /// Starts everything, and puts a row that gives an ordinary job what it asks for.
    pub(super) async fn start() -> Self {
        let began = Instant::now();
        let by_mappings = [("ROUTE_POLICY", "mappings"), ("API_NAME", "reports")];
        let targets = [
            Target::new("credentials", world("credentials", &[]).await),
            Target::new("authorizer", world("authorizer", &by_mappings).await),
        ];
        Self { targets, attacker: LocalGitlab::start().await, began }
    }

    /// Tries each case on both functions; answers what went otherwise than the tables say.
    pub(super) async fn attack(&mut self, cases: &[Case]) -> Vec<String> {
        let mut faults = Vec::new();
        for target in &mut self.targets {
            faults.extend(target.attack(cases, self.attacker.issuer()).await);
        }
        faults
    }

    /// Nobody went where the attacker wanted, and GitLab was asked for its keys no more often than it may be.
    pub(super) fn check_fetches(&self) {
        assert_eq!(self.attacker.counts(), Default::default(), "somebody asked the attacker's server");
        let most = 1 + self.began.elapsed().as_secs() / COOL_DOWN;
        for target in &self.targets {
            let counts = target.world.gitlab.counts();
            assert!(counts.discovery <= most && counts.key_sets <= most, "{counts:?} in {:?}", self.began.elapsed());
        }
    }
}

async fn world(kind: &'static str, variables: &[(&str, &str)]) -> World {
    let gitlab = LocalGitlab::start().await;
    let other_keys = Cast::new(gitlab.instance(), "").other_key_set();
    let trusted = json!([
        {"issuer": gitlab.issuer(), "audiences": [DEFAULT_AUDIENCE]},
        {"issuer": OTHER_ISSUER, "audiences": [DEFAULT_AUDIENCE], "jwks": other_keys, "algorithms": ["RS256", "ES256"]},
    ]);
    let world = World::start_with(kind, gitlab, trusted.to_string(), variables).await;
    let other_host = OTHER_ISSUER.trim_start_matches("https://");
    for host in [world.host(), other_host] {
        for row in [deploy(), routes()] {
            world.put_row(row, json!({"scope": format!("{host}/project/4711")}));
        }
    }
    world
}

fn deploy() -> Value {
    json!({
        "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "conditions": {"ref": "main", "ref_protected": "true"},
    })
}

fn routes() -> Value {
    json!({
        "name": "api.reports",
        "routes": ["GET /whoami", "GET /attacks/*", "$connect"],
        "conditions": {"ref": "main", "ref_protected": "true"},
    })
}
