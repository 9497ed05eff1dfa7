use serde::Deserialize;
use serde_json::{Map, Value};

use super::DEFAULT_AUDIENCE;

/// What sets a pipeline off: the values of `pipeline_source` that an author can bring about.
pub const PIPELINE_SOURCES: [&str; 12] = [
    "push",
    "web",
    "schedule",
    "api",
    "trigger",
    "chat",
    "webide",
    "merge_request_event",
    "external_pull_request_event",
    "parent_pipeline",
    "pipeline",
    "duo_workflow",
];

/// A job as its author would describe it. Flags of `local-gitlab token` and members of `POST /_local/token` alike.
#[derive(Clone, Debug, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
pub struct JobDescription {
    /// Full path of the project whose pipeline the job belongs to [default: nordwind/platform/payments-api]
    #[arg(long, value_name = "PATH")]
    pub project: Option<String>,

    /// Id of the project, for the second of two that have had the same path
    #[arg(long, value_name = "N", conflicts_with = "project")]
    pub project_id: Option<u64>,

    /// Branch or tag, without `refs/`; in a merge request pipeline the source branch
    #[arg(long = "ref", value_name = "REF", default_value = "main")]
    #[serde(rename = "ref")]
    pub git_ref: String,

    /// The ref is a tag
    #[arg(long)]
    pub tag: bool,

    /// `aud:` of the job's `id_tokens`; given more than once, the token carries a list [default: https://brevet.local]
    #[arg(long, value_name = "AUDIENCE")]
    pub audience: Vec<String>,

    /// `environment:` of the job
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    /// The environment is a protected one (GitLab Premium)
    #[arg(long, requires = "environment")]
    pub environment_protected: bool,

    /// `environment:deployment_tier`; without it GitLab guesses from the environment's name
    #[arg(long, value_name = "TIER", requires = "environment")]
    pub tier: Option<String>,

    /// What set the pipeline off
    #[arg(long, value_name = "SOURCE", default_value = "push", value_parser = PIPELINE_SOURCES)]
    pub source: String,

    /// A merge request from a fork, run in the project itself by one of its members: the code is the fork's
    #[arg(long, conflicts_with = "tag")]
    pub fork: bool,

    /// Nobody has protected the ref
    #[arg(long)]
    pub unprotected: bool,

    /// The job comes from a security policy, not from the project's own configuration
    #[arg(long)]
    pub policy_job: bool,

    /// Who pushed, scheduled or clicked; empty for a job without a user
    #[arg(long, value_name = "LOGIN", default_value = "mlind")]
    pub user: String,

    /// How long ago the job started
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    pub age: i64,

    /// `timeout:` of the job, which is how long its token lives
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub lifetime: i64,

    /// Claims to set, after everything else, to whatever they are given here.
    #[arg(skip)]
    pub claims: Map<String, Value>,
}

impl Default for JobDescription {
    fn default() -> Self {
        Self {
            project: None,
            project_id: None,
            git_ref: "main".to_owned(),
            tag: false,
            audience: Vec::new(),
            environment: None,
            environment_protected: false,
            tier: None,
            source: "push".to_owned(),
            fork: false,
            unprotected: false,
            policy_job: false,
            user: "mlind".to_owned(),
            age: 0,
            lifetime: 3600,
            claims: Map::new(),
        }
    }
}

impl JobDescription {
    /// `aud` in the type GitLab gives it: what was written as one string stays a string.
    pub(super) fn audience_claim(&self) -> Value {
        match self.audience.as_slice() {
            [] => Value::from(DEFAULT_AUDIENCE),
            [only] => Value::from(only.as_str()),
            several => Value::from(several),
        }
    }
}

/// Why the instance has no such job.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// No project has that path or id.
    #[error("there is no project `{asked}` here; there are: {known}")]
    UnknownProject {
        /// The path or id asked for.
        asked: String,
        /// Paths and ids there are.
        known: String,
    },
    /// Nobody signs in with that name.
    #[error("there is no user `{asked}` here; there are: {known}")]
    UnknownUser {
        /// The name asked for.
        asked: String,
        /// The names there are.
        known: String,
    },
    /// The project was never forked.
    #[error("`{project}` has no fork here; `nordwind/platform/payments-api` has one")]
    NoFork {
        /// The project's path.
        project: String,
    },
    /// The pipeline source is not one of GitLab's.
    #[error("no pipeline has the source `{0}`; sources are: {list}", list = PIPELINE_SOURCES.join(", "))]
    UnknownSource(String),
}
