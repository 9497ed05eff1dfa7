//! A job that comes with a token, and the rows it finds.

use brevet_tests::gitlab::{DEFAULT_AUDIENCE, JobDescription, JobToken, LocalGitlab, now};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case_file;
use crate::world::{World, object};

/// One case.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Scene {
    pub(super) name: String,
    /// The job as its author would describe it.
    pub(super) job: JobDescription,
    /// Or the payload of a known kind of pipeline.
    pub(super) fixture: Option<String>,
    /// Claims on top of that, in whatever JSON type.
    pub(super) claims: Map<String, Value>,
    /// Claims that are not there.
    pub(super) without: Vec<String>,
    /// `Sign in with GitLab` has a key of its own in the same set.
    pub(super) signed_for_sign_in: bool,
    /// What is sent, with `{token}` in it.
    pub(super) sent: Option<String>,
    /// The rows: changes to [`ordinary_row`], where `null` takes an attribute away. Without any, it stands as it is.
    pub(super) rows: Vec<Map<String, Value>>,
    pub(super) expect: String,
}

/// What most cases are about: project 4711, a protected `main` or release tag, started on purpose.
fn ordinary_row() -> Value {
    json!({
        "scope": "{host}/project/4711",
        "name": "deploy",
        "role_arn": "arn:aws:iam::111122223333:role/brevet/deploy",
        "conditions": {"ref": ["main", "v*"], "ref_protected": "true", "pipeline_source": ["push", "web", "schedule"]},
    })
}

impl Scene {
    /// What the job sends to `Authorization`, after `Bearer`.
    pub(super) fn token(&self, gitlab: &LocalGitlab) -> String {
        let claims = match &self.fixture {
            Some(name) => payload(name, gitlab.issuer()),
            None => gitlab.job_as(&self.job).claims().clone(),
        };
        let mut token = JobToken::new(claims);
        for (name, value) in &self.claims {
            token = token.claim(name, filled(value, gitlab.issuer()));
        }
        for name in &self.without {
            token = token.without(name);
        }
        let signed = if self.signed_for_sign_in {
            token.signed_by(gitlab.instance().sign_in_key().as_ref())
        } else {
            gitlab.sign(&token)
        };
        self.sent.as_ref().map_or(signed.clone(), |text| text.replace("{token}", &signed))
    }

    /// Replaces all rows by the case's.
    pub(super) fn put_rows(&self, world: &World, as_seen: fn(&mut Map<String, Value>)) {
        world.aws.empty_table(crate::world::TABLE);
        let unchanged = [Map::new()];
        let rows = if self.rows.is_empty() { &unchanged } else { self.rows.as_slice() };
        for changes in rows {
            let mut row = object(filled(&ordinary_row(), world.gitlab.issuer()));
            row.extend(object(filled(&Value::Object(changes.clone()), world.gitlab.issuer())));
            row.retain(|_, value| !value.is_null());
            as_seen(&mut row);
            world.put_row(Value::Object(row), json!({}));
        }
    }
}

/// A payload as GitLab writes it, as if it were issued now by this issuer.
fn payload(name: &str, issuer: &str) -> Map<String, Value> {
    #[derive(Deserialize)]
    struct Fixtures {
        payloads: Map<String, Value>,
    }
    let fixtures: Fixtures = case_file::read("fixtures.json");
    let payload = fixtures.payloads.get(name).unwrap_or_else(|| panic!("there is no payload `{name}`"));
    let text = payload.to_string().replace("https://gitlab.nordwind-labs.example", issuer);
    let text = text.replace("https://vend.nordwind-labs.example", DEFAULT_AUDIENCE);
    let mut claims: Map<String, Value> = serde_json::from_str(&text).expect("the payload is an object");
    let age = now() - claims["iat"].as_i64().expect("the payload has a time");
    for claim in ["iat", "nbf", "exp"] {
        if let Some(time) = claims.get(claim).and_then(Value::as_i64) {
            claims.insert(claim.to_owned(), json!(time + age));
        }
    }
    claims
}

/// Texts with `{issuer}` and `{host}` in them, for this issuer.
fn filled(value: &Value, issuer: &str) -> Value {
    let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
    match value {
        Value::String(text) => Value::from(text.replace("{issuer}", issuer).replace("{host}", host)),
        Value::Array(items) => items.iter().map(|item| filled(item, issuer)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), filled(value, issuer))).collect())
        }
        other => other.clone(),
    }
}
