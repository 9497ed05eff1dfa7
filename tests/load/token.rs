use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use brevet_tests::gitlab::{JobDescription, JobToken, LocalGitlab, RsaKey, now};
use serde_json::Value;

use crate::random::Random;

/// A signed token, and what a session for it would be called.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) session: String,
}

/// What kind of job presents a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Job {
    Payments,
    Web,
    Feature,
    Fork,
    Expired,
    NotYetValid,
    TooOld,
    OtherAudience,
    SignIn,
    OtherIssuer,
}

const JOBS: [Job; 10] = [
    Job::Payments,
    Job::Web,
    Job::Feature,
    Job::Fork,
    Job::Expired,
    Job::NotYetValid,
    Job::TooOld,
    Job::OtherAudience,
    Job::SignIn,
    Job::OtherIssuer,
];

impl Job {
    pub(crate) fn token(self, gitlab: &LocalGitlab) -> JobToken {
        let usual = JobDescription::default;
        let job = gitlab.job_as(&match self {
            Self::Web => JobDescription { project_id: Some(4712), ..usual() },
            Self::Feature => JobDescription { git_ref: "feature/x".to_owned(), ..usual() },
            Self::Fork => JobDescription { fork: true, ..usual() },
            _ => usual(),
        });
        match self {
            Self::Expired => job.claim("exp", now() - 60),
            Self::NotYetValid => job.aged(-7_200),
            Self::TooOld => job.aged(7_200).claim("exp", now() + 36_000),
            Self::OtherAudience => job.claim("aud", "https://vault.example"),
            Self::SignIn => job.without("job_id").without("pipeline_id"),
            Self::OtherIssuer => job.claim("iss", "https://gitlab.example.com"),
            Self::Payments | Self::Web | Self::Feature | Self::Fork => job,
        }
    }
}

/// Tokens signed beforehand with one key of the GitLab: signing is the dear part, and no part of what is measured.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) generation: usize,
    signed_at: Instant,
    tokens: BTreeMap<Job, Vec<Token>>,
}

impl Pool {
    /// Signs `size` tokens of the jobs that are asked for most, and fewer of the others.
    pub(crate) fn sign(gitlab: &LocalGitlab, generation: usize, size: usize) -> Self {
        let key = gitlab.instance().ci_key();
        let tokens = |job: Job| {
            let count = if matches!(job, Job::Payments | Job::Web) { size } else { size / 8 };
            (0..count.max(4)).map(|_| signed(&job.token(gitlab), &key)).collect()
        };
        Self { generation, signed_at: Instant::now(), tokens: JOBS.into_iter().map(|job| (job, tokens(job))).collect() }
    }

    pub(crate) fn age(&self) -> Duration {
        self.signed_at.elapsed()
    }

    /// One of the tokens; every other time one of the first few, which the functions have seen lately.
    pub(crate) fn pick(&self, job: Job, random: &mut Random) -> Option<&Token> {
        let tokens = self.tokens.get(&job)?;
        let lately = random.below(2) == 0;
        random.pick(tokens.get(..8).filter(|_| lately).unwrap_or(tokens))
    }
}

/// Signs a token and notes the name of its session: ids only, as the contract has it.
pub(crate) fn signed(job: &JobToken, key: &RsaKey) -> Token {
    let id = |name: &str| job.claims().get(name).and_then(Value::as_str).unwrap_or("none");
    let session = format!("gl-{}-{}-{}", id("project_id"), id("pipeline_id"), id("job_id"));
    Token { text: job.signed_by(key), session }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_sessions_by_project_pipeline_and_job() {
        let gitlab = LocalGitlab::start().await;
        let job = Job::Web.token(&gitlab);
        let token = signed(&job, &gitlab.instance().ci_key());
        let part = |name: &str| job.claims()[name].as_str().unwrap().to_owned();
        assert_eq!(token.session, format!("gl-4712-{}-{}", part("pipeline_id"), part("job_id")));
    }
}
