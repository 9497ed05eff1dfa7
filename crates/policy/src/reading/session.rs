//! The attributes that describe a session of a role.

use brevet_identity::ClaimName;
use serde_json::Value;

use super::fields::Fields;
use crate::confidential::Confidential;
use crate::role::{RoleArnTemplate, is_name_byte, is_partition};
use crate::session::{MAX_POLICY_CHARACTERS, SHORTEST, policy_characters, policy_document, tag_keys};
use crate::terms::{AssumeRoleTerms, DurationTerms, RoleTerms, SourceIdentity, Via};

/// The longest session STS gives to a role that was assumed by a role, in seconds.
const LONGEST_CHAINED: u64 = 3_600;
/// The longest session STS gives at all.
const LONGEST: u64 = 43_200;
/// What STS gives when nothing is said.
const USUAL: u64 = 3_600;
/// The use ledger keeps every use of a token in one item, and writes the whole item at each.
const MOST_USES: u64 = 100;

pub(super) fn read(fields: &mut Fields<'_>) -> Option<RoleTerms> {
    let role_arn = fields.required(
        "role_arn",
        RoleArnTemplate::parse,
        "must be the ARN of an IAM role, with no placeholders but `{project_id}` and `{namespace_id}`",
    );
    let via = read_via(fields);
    let duration = read_duration(fields, &via);
    let policy_arns = read_policy_arns(fields, role_arn.as_ref());
    let session_policy = read_policy(fields, &policy_arns);
    let max_uses_per_token = fields.number("max_uses_per_token", 1..=MOST_USES);
    Some(RoleTerms { role_arn: role_arn?, via, duration, session_policy, policy_arns, max_uses_per_token })
}

fn read_via(fields: &mut Fields<'_>) -> Via {
    match fields.text("via") {
        None | Some("assume_role") => Via::AssumeRole(read_assume_role(fields)),
        Some("web_identity") => {
            for attribute in ["session_tags", "transitive_tag_keys", "external_id", "source_identity"] {
                if fields.get(attribute).is_some() {
                    fields.fault(attribute, "cannot be sent to STS with `via` `web_identity`");
                }
            }
            Via::WebIdentity
        }
        Some(_) => {
            fields.fault("via", "must be `assume_role` or `web_identity`");
            Via::WebIdentity
        }
    }
}

fn read_assume_role(fields: &mut Fields<'_>) -> AssumeRoleTerms {
    let session_tags = fields.list("session_tags", tag_claim).unwrap_or_default();
    let sent = tag_keys(&session_tags);
    let transitive = |key: &str| {
        sent.iter().find(|sent| *sent == key).cloned().ok_or_else(|| "is not the key of a tag that is sent".to_owned())
    };
    let transitive_tag_keys = fields.list("transitive_tag_keys", transitive).unwrap_or_default();
    let external_id =
        fields.parsed("external_id", external_id, "must be 2 to 1224 of the characters A-Z a-z 0-9 _ + = , . @ : / -");
    let source_identity = fields.parsed("source_identity", source_identity, "must be `user_login` or `job`");
    AssumeRoleTerms { session_tags, transitive_tag_keys, external_id, source_identity }
}

fn tag_claim(text: &str) -> Result<ClaimName, String> {
    let unprefixed = text.strip_prefix("gitlab_").and_then(ClaimName::parse);
    match (ClaimName::parse(text), unprefixed) {
        (Some(claim), _) => Ok(claim),
        (None, Some(claim)) => Err(format!("must be the name of the claim: `{claim}`")),
        (None, None) => Err("is not a claim that can be sent as a tag".to_owned()),
    }
}

fn external_id(text: &str) -> Option<Confidential> {
    let allowed = |byte: u8| is_name_byte(byte) || byte == b':' || byte == b'/';
    ((2..=1_224).contains(&text.len()) && text.bytes().all(allowed)).then(|| Confidential::new(text))
}

fn source_identity(text: &str) -> Option<SourceIdentity> {
    match text {
        "user_login" => Some(SourceIdentity::UserLogin),
        "job" => Some(SourceIdentity::Job),
        _ => None,
    }
}

fn read_duration(fields: &mut Fields<'_>, via: &Via) -> DurationTerms {
    let limit = match via {
        Via::AssumeRole(_) => LONGEST_CHAINED,
        Via::WebIdentity => LONGEST,
    };
    let duration = fields.number("duration_seconds", SHORTEST..=limit);
    let longest = fields.number("max_duration_seconds", SHORTEST..=limit);
    if let (Some(duration), Some(longest)) = (duration, longest)
        && duration > longest
    {
        fields.fault("duration_seconds", "must not be more than `max_duration_seconds`");
    }
    let longest = longest.or(duration).unwrap_or(USUAL);
    DurationTerms { default: duration.unwrap_or(USUAL.min(longest)), longest }
}

fn read_policy_arns(fields: &mut Fields<'_>, role: Option<&RoleArnTemplate>) -> Vec<String> {
    let arns = fields.list("policy_arns", |text| {
        let (partition, owner) = policy_home(text).ok_or("must be the ARN of a managed policy")?;
        match role {
            Some(role) if role.partition() != partition => Err("is in another partition than the role".to_owned()),
            Some(role) if owner != "aws" && role.account() != owner => {
                Err("is in another account than the role".to_owned())
            }
            _ => Ok(text.to_owned()),
        }
    });
    let arns = arns.unwrap_or_default();
    if arns.len() > 10 {
        fields.fault("policy_arns", "has more than the 10 policies STS takes");
    }
    arns
}

/// The partition of a managed policy, and its account or `aws`.
fn policy_home(arn: &str) -> Option<(&str, &str)> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    let (owner, resource) = rest.strip_prefix("iam::")?.split_once(':')?;
    let path = resource.strip_prefix("policy/")?;
    let is_path = path.split('/').all(|segment| !segment.is_empty() && segment.bytes().all(is_name_byte));
    (is_partition(partition) && is_path && arn.len() <= 2_048).then_some((partition, owner))
}

fn read_policy(fields: &mut Fields<'_>, policy_arns: &[String]) -> Option<Value> {
    let document = fields.get("session_policy").map(policy_document).transpose();
    let document = document.unwrap_or_else(|fault| {
        fields.fault("session_policy", fault);
        None
    });
    let size = policy_characters(document.as_ref().map(Value::to_string).as_deref(), policy_arns);
    if size > MAX_POLICY_CHARACTERS {
        let fault =
            format_args!("and `policy_arns` have {size} characters, more than the {MAX_POLICY_CHARACTERS} of STS");
        fields.fault("session_policy", fault);
    }
    document
}
