//! Step 7 of the checklist: do these claims hold together as one CI/CD job?

use std::borrow::Cow;

use serde_json::Value;

use crate::claim_texts::ClaimTexts;
use crate::claims::{CLAIMS, ClaimKind, ClaimName};
use crate::id::NumericId;
use crate::payload::Payload;
use crate::principal::Principal;

/// GitLab nests groups twenty deep. A scope is looked up for every level, so a longer path is refused.
const MAX_NAMESPACE_DEPTH: usize = 40;

/// Which claim keeps a payload from being a job's, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("claim `{claim}` {problem}")]
pub struct NotAJob {
    /// The claim.
    pub claim: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Principal {
    /// Reads claims that nobody has verified: for explaining decisions and for tests, never for granting anything.
    pub fn from_unverified_claims(json: &[u8]) -> Result<Self, NotAJob> {
        let payload = Payload::parse(json)
            .ok_or(NotAJob { claim: "*", problem: "cannot be read: one JSON object, no member twice" })?;
        Self::from_payload(&payload)
    }

    pub(crate) fn from_payload(payload: &Payload) -> Result<Self, NotAJob> {
        let ref_name = required_text(payload, "ref")?;
        let ref_prefix = match required_text(payload, "ref_type")? {
            "branch" => "refs/heads/",
            "tag" => "refs/tags/",
            _ => return Err(NotAJob { claim: "ref_type", problem: "is neither `branch` nor `tag`" }),
        };
        if required_text(payload, "ref_path")?.strip_prefix(ref_prefix) != Some(ref_name) {
            return Err(NotAJob { claim: "ref_path", problem: "does not agree with `ref` and `ref_type`" });
        }
        if payload.text("ref_protected").is_none() {
            return Err(NotAJob { claim: "ref_protected", problem: "is missing or not a string" });
        }
        for claim in ["iss", "jti", "project_path"] {
            required_text(payload, claim)?;
        }
        if required_text(payload, "namespace_path")?.split('/').count() > MAX_NAMESPACE_DEPTH {
            return Err(NotAJob { claim: "namespace_path", problem: "is nested too deep" });
        }
        Ok(Self {
            issued_at: required_seconds(payload, "iat")?,
            expires_at: required_seconds(payload, "exp")?,
            project_id: required_id(payload, "project_id")?,
            namespace_id: required_id(payload, "namespace_id")?,
            pipeline_id: required_id(payload, "pipeline_id")?,
            job_id: required_id(payload, "job_id")?,
            job_project_id: optional_id(payload, "job_project_id")?,
            user_id: user_id(payload)?,
            texts: texts(payload)?,
            unknown_claims: payload.unknown.clone(),
        })
    }
}

fn required_text<'a>(payload: &'a Payload, claim: &'static str) -> Result<&'a str, NotAJob> {
    payload.text(claim).filter(|text| !text.is_empty()).ok_or(NotAJob { claim, problem: "is missing or not a string" })
}

fn required_seconds(payload: &Payload, claim: &'static str) -> Result<u64, NotAJob> {
    payload.seconds(claim).ok_or(NotAJob { claim, problem: "is missing or not a whole number of seconds" })
}

fn required_id(payload: &Payload, claim: &'static str) -> Result<NumericId, NotAJob> {
    optional_id(payload, claim)?.ok_or(NotAJob { claim, problem: "is missing" })
}

fn optional_id(payload: &Payload, claim: &'static str) -> Result<Option<NumericId>, NotAJob> {
    let Some(value) = payload.get(claim) else { return Ok(None) };
    let id = value.as_str().and_then(NumericId::parse);
    id.map(Some).ok_or(NotAJob { claim, problem: "is not a decimal id in a string" })
}

/// GitLab writes an empty string for a job without a user.
fn user_id(payload: &Payload) -> Result<Option<NumericId>, NotAJob> {
    if payload.text("user_id") == Some("") { Ok(None) } else { optional_id(payload, "user_id") }
}

fn texts(payload: &Payload) -> Result<ClaimTexts, NotAJob> {
    let mut texts = Vec::new();
    for name in ClaimName::all() {
        let Some(value) = payload.single(name) else { continue };
        let number = CLAIMS.get(name.position()).is_some_and(|claim| claim.kind == ClaimKind::Number);
        let text = match value {
            Value::String(text) => Cow::Borrowed(text.as_str()),
            Value::Number(digits) if number && digits.is_u64() => Cow::Owned(digits.to_string()),
            _ => return Err(NotAJob { claim: name.as_str(), problem: "has another type than GitLab gives it" }),
        };
        texts.push((name, text));
    }
    Ok(ClaimTexts::in_table_order(texts.iter().map(|(name, text)| (*name, text.as_ref()))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::claims;

    fn read(change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Result<Principal, NotAJob> {
        let mut claims = claims();
        change(&mut claims);
        Principal::from_unverified_claims(&serde_json::to_vec(&claims).unwrap())
    }

    #[test]
    fn refuses_each_required_claim_in_every_wrong_form() {
        let required = [
            "project_id",
            "namespace_id",
            "pipeline_id",
            "job_id",
            "project_path",
            "namespace_path",
            "ref",
            "ref_type",
            "ref_path",
            "ref_protected",
            "jti",
        ];
        let wrong = [json!(null), json!(7), json!(true), json!([]), json!(["4711"]), json!({"id": "4711"}), json!(4.5)];
        for claim in required {
            assert_eq!(read(|claims| drop(claims.remove(claim))).unwrap_err().claim, claim, "missing");
            for value in &wrong {
                let refused = read(|claims| drop(claims.insert(claim.to_owned(), value.clone())));
                assert_eq!(refused.unwrap_err().claim, claim, "{value}");
            }
        }
    }

    #[test]
    fn refuses_ids_that_are_not_decimal() {
        for claim in ["project_id", "namespace_id", "pipeline_id", "job_id", "job_project_id", "user_id"] {
            for id in ["abc", "4711 ", "-4711", "04711", "4711/../1"] {
                let refused = read(|claims| drop(claims.insert(claim.to_owned(), json!(id))));
                assert_eq!(refused.unwrap_err().claim, claim, "{id}");
            }
        }
    }

    #[test]
    fn refuses_a_ref_path_that_tells_another_story() {
        for ref_path in ["main", "refs/tags/main", "refs/heads/main2", "refs/heads/", "refs/merge-requests/1/head"] {
            let refused = read(|claims| drop(claims.insert("ref_path".to_owned(), json!(ref_path))));
            assert_eq!(refused.unwrap_err().claim, "ref_path", "{ref_path}");
        }
        assert_eq!(
            read(|claims| drop(claims.insert("ref_type".to_owned(), json!("note")))).unwrap_err().claim,
            "ref_type"
        );
    }

    #[test]
    fn refuses_a_recorded_claim_of_another_type() {
        for (claim, value) in [("environment", json!(["production"])), ("runner_id", json!(1.5)), ("sha", json!(3))] {
            assert_eq!(read(|claims| drop(claims.insert(claim.to_owned(), value))).unwrap_err().claim, claim);
        }
    }

    #[test]
    fn refuses_a_namespace_deeper_than_gitlab_nests() {
        let refused = read(|claims| drop(claims.insert("namespace_path".to_owned(), json!(vec!["g"; 41].join("/")))));
        assert_eq!(refused.unwrap_err().claim, "namespace_path");
        assert!(
            read(|claims| drop(claims.insert("namespace_path".to_owned(), json!(vec!["g"; 40].join("/"))))).is_ok()
        );
    }

    #[test]
    fn takes_only_the_word_true_for_protected() {
        for (value, protected) in [("true", true), ("false", false), ("", false), ("True", false), ("1", false)] {
            let principal = read(|claims| drop(claims.insert("ref_protected".to_owned(), json!(value)))).unwrap();
            assert_eq!(principal.ref_protected(), protected, "{value}");
        }
    }

    #[test]
    fn reads_the_job_of_a_tag() {
        let tagged = |ref_path: &str| {
            read(|claims| {
                claims.insert("ref_type".to_owned(), json!("tag"));
                claims.insert("ref_path".to_owned(), json!(ref_path));
            })
        };
        assert_eq!(tagged("refs/heads/main").unwrap_err().claim, "ref_path");
        assert_eq!(tagged("refs/tags/main").unwrap().claim(ClaimName::parse("ref_type").unwrap()), Some("tag"));
    }

    #[test]
    fn reads_a_job_without_user_runner_or_newer_claims() {
        let principal = read(|claims| {
            for claim in
                ["job_project_id", "job_project_path", "runner_id", "user_access_level", "ci_config_sha", "job_source"]
            {
                claims.remove(claim);
            }
            claims.insert("user_id".to_owned(), json!(""));
            claims.insert("user_login".to_owned(), json!(null));
        })
        .unwrap();
        assert_eq!((principal.user_id(), principal.is_fork_pipeline()), (None, false));
        assert_eq!(principal.claim(ClaimName::parse("user_login").unwrap()), None);
    }

    #[test]
    fn knows_a_fork_pipeline_by_the_project_it_runs_in() {
        let principal = read(|claims| drop(claims.insert("project_id".to_owned(), json!("9902")))).unwrap();
        assert!(principal.is_fork_pipeline());
    }

    #[test]
    fn presents_a_number_by_its_digits() {
        let principal = read(|_| ()).unwrap();
        assert_eq!(principal.claim(ClaimName::parse("runner_id").unwrap()), Some("88"));
    }
}
