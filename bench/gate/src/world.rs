use std::path::Path;

use anyhow::Context as _;
use brevet_tests::gitlab::{Instance, JobDescription, now};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::counted::TIMES;

pub(crate) const HOST: &str = "gitlab.example.com";

/// What the operations work on. Made once and kept in a file, because a process under callgrind would take a minute to
/// make a signing key.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct World {
    pub(crate) key_set: Value,
    /// Each of a job of its own, one for each time an operation is done.
    pub(crate) tokens: Vec<String>,
    /// The same, but from an issuer nobody trusts.
    pub(crate) strange_tokens: Vec<String>,
    /// Claims of a job.
    pub(crate) claims: Value,
    /// Seconds since the epoch: a minute after the tokens were issued.
    pub(crate) now: u64,
}

impl World {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let gitlab = Instance::in_memory(format!("https://{HOST}"));
        let now = u64::try_from(now())? + 60;
        let jobs = (0..=TIMES).map(|_| gitlab.job_token(&JobDescription::default()));
        let jobs = jobs.collect::<Result<Vec<_>, _>>()?;
        let claims = jobs.first().context("there is a job")?.claims().clone();
        Ok(Self {
            key_set: gitlab.key_set(),
            tokens: jobs.iter().map(|job| gitlab.sign(job)).collect(),
            strange_tokens: jobs.into_iter().map(|job| gitlab.sign(&job.claim("iss", "https://example.com"))).collect(),
            claims: Value::Object(claims),
            now,
        })
    }

    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        Ok(serde_json::from_slice(&std::fs::read(path)?)?)
    }

    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        Ok(std::fs::write(path, serde_json::to_vec(self)?)?)
    }
}
