use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use brevet_policy::MappingName;
use clap::Args;
use serde_json::Value;

use crate::brevet::Question;
use crate::failure::Failure;

/// Brevet reads no longer body.
const LONGEST_POLICY: u64 = 15 * 1024;

/// The role, and how much less of it.
#[derive(Clone, Debug, Args)]
pub struct Ask {
    /// Name of the role mapping
    #[arg(value_name = "ROLE", value_parser = role)]
    pub role: MappingName,

    /// Ask for a shorter session than the mapping gives
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(900..=43_200))]
    pub duration: Option<u64>,

    /// Narrow the session by the IAM policy (JSON) in this file: what both allow is allowed
    #[arg(long, value_name = "FILE")]
    pub session_policy: Option<PathBuf>,
}

impl Ask {
    /// Reads the policy and puts the question.
    pub fn question(&self) -> Result<Question, Failure> {
        let session_policy = self.session_policy.as_deref().map(policy).transpose()?;
        Ok(Question { role: self.role.clone(), duration_seconds: self.duration, session_policy })
    }
}

/// A mapping's name, or why it is none.
pub(crate) fn role(text: &str) -> Result<MappingName, String> {
    let rule = "small letters, digits, `.`, `_` and `-`, at most 64 of them, the first a letter or digit";
    MappingName::parse(text).ok_or_else(|| format!("a role is the name of a mapping, not an ARN: {rule}"))
}

fn policy(path: &Path) -> Result<Value, Failure> {
    let fault = |cause: String| {
        Failure::usage("session_policy_invalid", format!("the session policy `{}` {cause}", path.display()))
    };
    let mut text = String::new();
    let file = fs::File::open(path).map(|file| file.take(LONGEST_POLICY + 1));
    let read = file.and_then(|mut file| file.read_to_string(&mut text));
    read.map_err(|cause| fault(format!("cannot be read: {cause}")))?;
    if text.len() as u64 > LONGEST_POLICY {
        return Err(fault("is longer than 15 KiB; STS takes 2,048 characters".to_owned()));
    }
    let policy: Value = serde_json::from_str(&text).map_err(|cause| fault(format!("is not JSON: {cause}")))?;
    if policy.is_object() { Ok(policy) } else { Err(fault("is not a JSON object".to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(content: &[u8]) -> String {
        let path = std::env::temp_dir().join(format!("brevet-policy-{}-{}", std::process::id(), content.len()));
        fs::write(&path, content).unwrap();
        let refusal = policy(&path).unwrap_err();
        fs::remove_file(&path).unwrap();
        assert_eq!((refusal.code(), refusal.exit_code()), ("session_policy_invalid", 64));
        refusal.to_string()
    }

    #[test]
    fn refuses_policies_that_are_no_json_object_or_absurdly_long() {
        assert!(refusal(b"{").contains("is not JSON"));
        assert!(refusal(b"[]").contains("is not a JSON object"));
        assert!(refusal(&[0xff, 0xfe, 0]).contains("cannot be read"));
        assert!(refusal("x".repeat(20_000).as_bytes()).contains("longer than 15 KiB"));
        assert!(policy(Path::new("/nowhere")).is_err());
    }

    #[test]
    fn refuses_an_arn_in_place_of_a_name() {
        assert!(role("arn:aws:iam::111122223333:role/x").unwrap_err().contains("not an ARN"));
    }
}
