use serde_json::{Map, Value, json};

use super::directory::{Directory, Project, User};
use super::job::{JobDescription, JobError, PIPELINE_SOURCES};
use super::key::hex_sha;

/// What the instance adds to a description: things no author writes.
pub(super) struct Issuance<'a> {
    pub(super) issuer: &'a str,
    pub(super) directory: &'a Directory,
    /// Counts up from one token to the next.
    pub(super) number: u64,
    /// Seconds since the epoch.
    pub(super) now: i64,
    pub(super) jti: String,
}

impl Issuance<'_> {
    /// Every claim GitLab would put into this job's token, in GitLab's own JSON types: ids are strings (but for
    /// `runner_id`), booleans are the words `true` and `false`, and what does not apply is absent.
    pub(super) fn claims(&self, job: &JobDescription) -> Result<Map<String, Value>, JobError> {
        let runs_in = self.project(job)?;
        let code_of = if job.fork { self.fork_of(runs_in)? } else { runs_in };
        let user = self.user(&job.user)?;
        let source = self.source(job)?;

        let mut claims = self.registered(job, code_of);
        claims.extend(projects(runs_in, code_of, source));
        claims.extend(person(user, code_of));
        claims.extend(self.pipeline(job, runs_in, code_of, source));
        claims.extend(environment(job));
        claims.extend(job.claims.clone());
        Ok(claims)
    }

    fn registered(&self, job: &JobDescription, code_of: &Project) -> Map<String, Value> {
        let issued_at = self.now - job.age;
        object(json!({
            "iss": self.issuer,
            "sub": format!("project_path:{}:ref_type:{}:ref:{}", code_of.path, ref_type(job), job.git_ref),
            "aud": job.audience_claim(),
            "jti": self.jti,
            "iat": issued_at,
            "nbf": issued_at - 5,
            "exp": issued_at + job.lifetime,
        }))
    }

    fn pipeline(&self, job: &JobDescription, runs_in: &Project, code_of: &Project, source: &str) -> Map<String, Value> {
        let ref_path = format!("refs/{}/{}", if job.tag { "tags" } else { "heads" }, job.git_ref);
        let host = self.issuer.split_once("://").map_or(self.issuer, |(_, host)| host);
        let sha = hex_sha(&format!("{}@{}", code_of.id, job.git_ref));
        // A merge request's pipeline never counts as one on a protected ref, whatever its source branch is called.
        let protected = source != "merge_request_event" && !job.unprotected && code_of.protects(&job.git_ref, job.tag);
        let mut claims = object(json!({
            "pipeline_id": (990_000 + self.number).to_string(),
            "pipeline_source": source,
            "job_id": (5_550_000 + self.number).to_string(),
            "job_source": if job.policy_job { "pipeline_execution_policy" } else { source },
            "ref": job.git_ref,
            "ref_type": ref_type(job),
            "ref_path": ref_path,
            "ref_protected": word(protected),
            "runner_id": 88,
            "runner_environment": "self-hosted",
            "sha": sha,
            "project_visibility": runs_in.visibility,
            // The parent's path with the fork's branch, in a fork's merge request: as misleading as the real one.
            "ci_config_ref_uri": format!("{host}/{}//.gitlab-ci.yml@{ref_path}", runs_in.path),
            "ci_config_sha": sha,
        }));
        if job.policy_job {
            let policy_sha = hex_sha("policy");
            let url = format!(
                "{}/nordwind/security-policies/-/blob/{policy_sha}/.gitlab/security-policies/policy.yml",
                self.issuer
            );
            claims.insert("job_config".to_owned(), json!({"url": url, "sha": policy_sha}));
        }
        claims
    }

    fn project(&self, job: &JobDescription) -> Result<&Project, JobError> {
        let path = job.project.as_deref().unwrap_or("nordwind/platform/payments-api");
        let found = match job.project_id {
            Some(id) => self.directory.project_by_id(id),
            None => self.directory.project_by_path(path),
        };
        found.ok_or_else(|| JobError::UnknownProject {
            asked: job.project_id.map_or_else(|| path.to_owned(), |id| id.to_string()),
            known: list(self.directory.projects.iter().map(|project| format!("{} ({})", project.path, project.id))),
        })
    }

    fn fork_of(&self, parent: &Project) -> Result<&Project, JobError> {
        self.directory.fork_of(parent).ok_or_else(|| JobError::NoFork { project: parent.path.clone() })
    }

    fn user(&self, login: &str) -> Result<Option<&User>, JobError> {
        if login.is_empty() {
            return Ok(None);
        }
        self.directory.user(login).map(Some).ok_or_else(|| JobError::UnknownUser {
            asked: login.to_owned(),
            known: list(self.directory.users.iter().map(|user| user.login.clone())),
        })
    }

    fn source<'a>(&self, job: &'a JobDescription) -> Result<&'a str, JobError> {
        if !PIPELINE_SOURCES.contains(&job.source.as_str()) {
            return Err(JobError::UnknownSource(job.source.clone()));
        }
        // A child pipeline of a fork's merge request keeps its own source, and the fork's identity with it.
        let child = job.source == "parent_pipeline";
        Ok(if job.fork && !child { "merge_request_event" } else { &job.source })
    }
}

fn projects(runs_in: &Project, code_of: &Project, source: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut prefixes = vec![("", code_of), ("job_", runs_in)];
    if source == "merge_request_event" {
        prefixes.push(("source_", code_of));
    }
    for (prefix, project) in prefixes {
        claims.insert(format!("{prefix}project_id"), project.id.to_string().into());
        claims.insert(format!("{prefix}project_path"), project.path.as_str().into());
        claims.insert(format!("{prefix}namespace_id"), project.namespace_id.to_string().into());
        claims.insert(format!("{prefix}namespace_path"), project.namespace_path().into());
    }
    claims
}

fn person(user: Option<&User>, code_of: &Project) -> Map<String, Value> {
    let mut claims = object(json!({
        "user_id": user.map_or_else(String::new, |user| user.id.to_string()),
        "user_login": user.map(|user| &user.login),
        "user_email": user.map(|user| &user.email),
        // The role where the *code* lives: null for the member who runs a stranger's fork.
        "user_access_level": user.and_then(|user| user.roles.get(code_of.namespace_path())),
    }));
    if let Some(identities) = user.and_then(|user| user.identities.clone()) {
        claims.insert("user_identities".to_owned(), identities);
    }
    if let Some(groups) = user.and_then(|user| user.groups.clone()) {
        claims.insert("groups_direct".to_owned(), groups.into());
    }
    claims
}

fn environment(job: &JobDescription) -> Map<String, Value> {
    let Some(name) = &job.environment else {
        return Map::new();
    };
    object(json!({
        "environment": name,
        "environment_protected": word(job.environment_protected),
        "deployment_tier": job.tier.as_deref().unwrap_or_else(|| guess_tier(name)),
        "environment_action": "start",
    }))
}

fn guess_tier(environment: &str) -> &'static str {
    let begins = |words: &[&str]| words.iter().any(|word| environment.starts_with(word));
    if begins(&["prod", "live"]) {
        "production"
    } else if begins(&["stag", "model", "pre", "demo"]) {
        "staging"
    } else if begins(&["test", "qa", "qc"]) {
        "testing"
    } else if begins(&["dev", "review", "trunk"]) {
        "development"
    } else {
        "other"
    }
}

fn ref_type(job: &JobDescription) -> &'static str {
    if job.tag { "tag" } else { "branch" }
}

fn word(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

fn list(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn object(literal: Value) -> Map<String, Value> {
    serde_json::from_value(literal).expect("claims are written as an object")
}
