use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use aws_lc_rs::rsa::KeySize;
use serde_json::{Value, json};

use super::claims::Issuance;
use super::directory::Directory;
use super::job::{JobDescription, JobError};
use super::key::{RsaKey, Signer as _, uuid};
use super::state::{StateDir, StateError};
use super::token::{JobToken, now};

/// One GitLab: its address, what is in it, and the key it signs job tokens with.
#[derive(Debug)]
pub struct Instance {
    issuer: String,
    directory: Directory,
    sign_in_key: Arc<RsaKey>,
    ci_key: RwLock<Arc<RsaKey>>,
    numbers: Numbers,
}

/// Where job numbers come from.
#[derive(Debug)]
enum Numbers {
    Memory(AtomicU64),
    /// Shared with every other process that mints tokens from the same state.
    State(StateDir),
}

impl Instance {
    /// An instance that lives as long as the test. All of one test binary share their keys: making them takes longer
    /// than most tests, and [`rotate`](Self::rotate) makes a new one.
    pub fn in_memory(issuer: impl Into<String>) -> Self {
        static SIGN_IN: LazyLock<Arc<RsaKey>> = LazyLock::new(|| Arc::new(RsaKey::generate(KeySize::Rsa2048)));
        static CI: LazyLock<Arc<RsaKey>> = LazyLock::new(|| Arc::new(RsaKey::generate(KeySize::Rsa2048)));
        Self {
            issuer: issuer.into(),
            directory: Directory::default(),
            sign_in_key: SIGN_IN.clone(),
            ci_key: RwLock::new(CI.clone()),
            numbers: Numbers::Memory(AtomicU64::new(0)),
        }
    }

    /// The instance kept in a folder, made there on first use.
    pub fn open(state: StateDir) -> Result<Self, StateError> {
        Ok(Self {
            issuer: state.issuer()?,
            directory: state.directory()?,
            sign_in_key: Arc::new(state.sign_in_key()?),
            ci_key: RwLock::new(Arc::new(state.ci_key()?)),
            numbers: Numbers::State(state),
        })
    }

    /// `iss` of every token.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The token of a job, to be changed or [signed](Self::sign).
    pub fn job_token(&self, job: &JobDescription) -> Result<JobToken, InstanceError> {
        let number = match &self.numbers {
            Numbers::Memory(last) => last.fetch_add(1, Ordering::Relaxed) + 1,
            Numbers::State(state) => state.next_number()?,
        };
        let (issuer, directory) = (self.issuer.as_str(), &self.directory);
        let issuance = Issuance { issuer, directory, number, now: now(), jti: uuid() };
        Ok(JobToken::new(issuance.claims(job)?))
    }

    /// Signs as GitLab would.
    pub fn sign(&self, token: &JobToken) -> String {
        token.signed_by(self.ci_key().as_ref())
    }

    /// The id of the key job tokens are signed with now.
    pub fn key_id(&self) -> String {
        self.ci_key().key_id()
    }

    /// The key job tokens are signed with.
    pub fn ci_key(&self) -> Arc<RsaKey> {
        self.ci_key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key "Sign in with GitLab" tokens are signed with: in the same key set, and never a job's.
    pub fn sign_in_key(&self) -> Arc<RsaKey> {
        self.sign_in_key.clone()
    }

    /// Replaces the key for job tokens. The old one leaves the key set at once, as it does on GitLab, which has room
    /// for one. Answers the new key id.
    pub fn rotate(&self) -> Result<String, StateError> {
        let key = RsaKey::generate(KeySize::Rsa2048);
        if let Numbers::State(state) = &self.numbers {
            state.replace_ci_key(&key)?;
        }
        let key_id = key.key_id();
        *self.ci_key.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
        Ok(key_id)
    }

    /// The key set, the sign-in key first: whoever takes the first key is wrong.
    pub fn key_set(&self) -> Value {
        json!({"keys": [self.sign_in_key.public_jwk(), self.ci_key().public_jwk()]})
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The description does not fit the instance.
    #[error(transparent)]
    Job(#[from] JobError),
    /// The folder cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
}
