//! A GitLab that exists for its ID tokens: projects, jobs, keys, discovery, and the ways in which it can fail.

mod claims;
mod directory;
mod instance;
mod job;
mod key;
mod outage;
mod routes;
mod server;
mod state;
mod token;

pub use directory::{Directory, Project, User};
pub use instance::{Instance, InstanceError};
pub use job::{JobDescription, JobError, PIPELINE_SOURCES};
pub use key::{RsaKey, Signer};
pub use outage::Outage;
pub use routes::KeySetCounts;
pub use server::{LocalGitlab, loopback, serve};
pub use state::{StateDir, StateError};
pub use token::{JobToken, now};

/// The audience that the demo and the tests configure.
pub const DEFAULT_AUDIENCE: &str = "https://brevet.local";
