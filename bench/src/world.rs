use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use brevet_tests::aws::{FakeAws, item};
use brevet_tests::distance::{Abroad, Distance};
use brevet_tests::gitlab::{DEFAULT_AUDIENCE, LocalGitlab, Signer as _};
use brevet_tests::runtime_api::Bootstrap;
use serde_json::{Value, json};

use crate::paths::in_repository;

pub(crate) const TABLE: &str = "role-mappings";

/// Where Linux distributions keep the authorities that everybody trusts.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// What every function talks to: a GitLab over TLS under an authority of its own, and DynamoDB and STS, which are either
/// near, over plain HTTP, or far away, over TLS. Certificates are files for as long as it lives.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) gitlab: LocalGitlab,
    pub(crate) aws: FakeAws,
    /// What is between the function and all the others, where they are far away.
    pub(crate) distance: Option<Distance>,
    ca_pem: String,
    files: Files,
}

/// The authority of the GitLab, alone and beside those of the system.
#[derive(Debug)]
struct Files {
    own: PathBuf,
    all: PathBuf,
}

impl World {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let gitlab = LocalGitlab::start_with_tls().await;
        let ca_pem = gitlab.ca_pem().context("the GitLab speaks TLS")?.to_owned();
        Self::of(gitlab, FakeAws::start().await, None, ca_pem)
    }

    /// The same with everything so far away, and every round trip counted.
    pub(crate) async fn start_abroad(round_trip: Duration) -> anyhow::Result<Self> {
        let Abroad { gitlab, aws, distance } = Abroad::start(round_trip).await;
        let ca_pem = distance.ca_pem();
        Self::of(gitlab, aws, Some(distance), ca_pem)
    }

    fn of(gitlab: LocalGitlab, aws: FakeAws, distance: Option<Distance>, ca_pem: String) -> anyhow::Result<Self> {
        aws.keep_counts_only();
        for row in rows(gitlab.issuer().trim_start_matches("https://")) {
            aws.put_item(TABLE, item(&row));
        }
        let files = Files::write(gitlab.address().port(), &ca_pem)?;
        Ok(Self { gitlab, aws, distance, ca_pem, files })
    }

    /// One of Brevet's functions with its keys fetched from the GitLab.
    pub(crate) fn brevet(&self, bootstrap: Bootstrap) -> Bootstrap {
        match self.distance {
            None => self.brevet_with(bootstrap, &json!({"ca_bundle_pem": self.ca_pem})),
            // One authority for all of them, so that one connector serves all, as it does for gitlab.com.
            Some(_) => self.brevet_with(bootstrap, &json!({})),
        }
    }

    /// One of Brevet's functions with the keys in its settings.
    pub(crate) fn brevet_with_static_keys(&self, bootstrap: Bootstrap) -> Bootstrap {
        self.brevet_with(bootstrap, &json!({"jwks": self.gitlab.instance().key_set()}))
    }

    fn brevet_with(&self, bootstrap: Bootstrap, keys: &Value) -> Bootstrap {
        let mut issuer = json!({"issuer": self.gitlab.issuer(), "audiences": [DEFAULT_AUDIENCE]});
        if let (Some(issuer), Some(keys)) = (issuer.as_object_mut(), keys.as_object()) {
            issuer.extend(keys.clone());
        }
        let bootstrap = self.aws_variables(bootstrap);
        let bootstrap = match self.distance {
            None => bootstrap,
            Some(_) => bootstrap.variable("SSL_CERT_FILE", self.files.all.display().to_string()),
        };
        bootstrap
            .variable("TRUSTED_ISSUERS", json!([issuer]).to_string())
            .variable("ROLE_MAPPING_TABLE", TABLE)
            .variable("TOKEN_USE_TABLE", "token-uses")
    }

    /// A peer, which finds the GitLab's authority by the usual variables of its platform.
    pub(crate) fn peer(&self, bootstrap: Bootstrap) -> Bootstrap {
        let ca_file = self.files.own.display().to_string();
        self.aws_variables(bootstrap)
            .variable("ISSUER", self.gitlab.issuer())
            .variable("AUDIENCE", DEFAULT_AUDIENCE)
            .variable("JWKS_URI", format!("{}/oauth/discovery/keys", self.gitlab.issuer()))
            .variable("ROLE_MAPPING_TABLE", TABLE)
            .variable("NODE_EXTRA_CA_CERTS", &ca_file)
            .variable("AWS_CA_BUNDLE", &ca_file)
            .variable("SSL_CERT_FILE", ca_file)
    }

    fn aws_variables(&self, bootstrap: Bootstrap) -> Bootstrap {
        let bootstrap = bootstrap
            .variable("AWS_REGION", "eu-central-1")
            .variable("AWS_DEFAULT_REGION", "eu-central-1")
            .variable("AWS_ACCESS_KEY_ID", "ASIAOWNOWNOWNOWNOWN0")
            .variable("AWS_SECRET_ACCESS_KEY", "own-secret-key")
            .variable("AWS_SESSION_TOKEN", "own-session-token");
        match &self.distance {
            None => bootstrap.variable("AWS_ENDPOINT_URL", self.aws.url()),
            Some(distance) => {
                let endpoints = distance.endpoints();
                endpoints.into_iter().fold(bootstrap, |bootstrap, (name, url)| bootstrap.variable(name, url))
            }
        }
    }

    /// The public key that tokens are signed with, as a JWK.
    pub(crate) fn signing_key(&self) -> anyhow::Result<Value> {
        let key_set = self.gitlab.instance().key_set();
        let wanted = self.gitlab.instance().ci_key().key_id();
        let mut keys = key_set.get("keys").and_then(Value::as_array).into_iter().flatten();
        let key = keys.find(|key| key.get("kid").and_then(Value::as_str) == Some(&wanted));
        key.cloned().context("the key is published")
    }

    /// Tokens of as many jobs, each with a number of its own.
    pub(crate) fn tokens(&self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.gitlab.sign(&self.gitlab.job())).collect()
    }
}

impl Files {
    fn write(number: u16, ca_pem: &str) -> anyhow::Result<Self> {
        let folder = in_repository("target/bench");
        fs::create_dir_all(&folder)?;
        let files =
            Self { own: folder.join(format!("ca-{number}.pem")), all: folder.join(format!("ca-{number}-and-all.pem")) };
        fs::write(&files.own, ca_pem)?;
        let system = fs::read_to_string(SYSTEM_AUTHORITIES).unwrap_or_default();
        fs::write(&files.all, format!("{system}\n{ca_pem}"))?;
        Ok(files)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for file in [&self.own, &self.all] {
            let _ = fs::remove_file(file);
        }
    }
}

/// A project with a row that grants, beside rows of other names and scopes, as tables have them.
fn rows(host: &str) -> Vec<Value> {
    let main = json!({"ref": ["main", "release/*"], "ref_protected": "true"});
    let role = "arn:aws:iam::111122223333:role/brevet/payments-deploy";
    vec![
        json!({"scope": format!("{host}/project/4711"), "name": "deploy", "role_arn": role, "conditions": main}),
        json!({"scope": format!("{host}/project/4711"), "name": "read", "role_arn": role, "conditions": main}),
        json!({"scope": format!("{host}/group/nordwind"), "name": "deploy", "role_arn": role,
               "conditions": {"ref": "main", "ref_protected": "true", "environment": "production"}}),
        json!({"scope": host, "name": "*", "effect": "deny", "conditions": {"user_login": "blocked"}}),
        json!({"scope": format!("{host}/project/4711"), "name": "api.reports", "conditions": main,
               "routes": ["GET /whoami", "GET /reports/*"]}),
    ]
}
