//! How a session is called.

use brevet_identity::{ClaimName, Principal};

use super::SessionFault;
use crate::role::is_name_byte;
use crate::terms::SourceIdentity;

/// Ids of at most nineteen digits make at most 62 characters; STS takes 64.
pub(super) fn session_name(principal: &Principal) -> String {
    format!("gl-{}-{}-{}", principal.project_id(), principal.pipeline_id(), principal.job_id())
}

/// A name that does not fit is never cut: two users would become one.
pub(super) fn source_identity(
    principal: &Principal,
    wanted: Option<SourceIdentity>,
) -> Result<Option<String>, SessionFault> {
    match wanted {
        None => Ok(None),
        Some(SourceIdentity::Job) => Ok(Some(format!("gitlab-job-{}", principal.job_id()))),
        Some(SourceIdentity::UserLogin) => {
            let login = ClaimName::parse("user_login").and_then(|claim| principal.claim(claim));
            let fits = |login: &&str| (2..=64).contains(&login.len()) && login.bytes().all(is_name_byte);
            login.filter(fits).map(|login| Some(login.to_owned())).ok_or(SessionFault::SourceIdentityDoesNotFit)
        }
    }
}
