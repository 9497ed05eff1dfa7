use brevet_policy::{How, SessionRequest};
use serde_json::{Map, Value, json};

/// Where a value is set and must not be printed.
pub(super) const NOT_SHOWN: &str = "(set, not shown)";

/// The call to STS, member by member as its API names them.
pub(super) fn call(request: &SessionRequest) -> Value {
    let mut members = Map::new();
    members.insert("RoleArn".to_owned(), json!(request.role_arn.to_string()));
    members.insert("RoleSessionName".to_owned(), json!(request.session_name));
    members.insert("DurationSeconds".to_owned(), json!(request.duration_seconds));
    if let Some(policy) = &request.policy {
        members.insert("Policy".to_owned(), json!(policy));
    }
    if !request.policy_arns.is_empty() {
        let arns: Vec<Value> = request.policy_arns.iter().map(|arn| json!({"arn": arn})).collect();
        members.insert("PolicyArns".to_owned(), Value::Array(arns));
    }
    let operation = match &request.how {
        How::WebIdentity => {
            members.insert("WebIdentityToken".to_owned(), json!("(the job's own token)"));
            "AssumeRoleWithWebIdentity"
        }
        How::AssumeRole { tags, transitive_tag_keys, external_id, source_identity } => {
            let tags: Vec<Value> = tags.iter().map(|tag| json!({"Key": tag.key, "Value": tag.value})).collect();
            members.insert("Tags".to_owned(), Value::Array(tags));
            if !transitive_tag_keys.is_empty() {
                members.insert("TransitiveTagKeys".to_owned(), json!(transitive_tag_keys));
            }
            if external_id.is_some() {
                members.insert("ExternalId".to_owned(), json!(NOT_SHOWN));
            }
            if let Some(identity) = source_identity {
                members.insert("SourceIdentity".to_owned(), json!(identity));
            }
            "AssumeRole"
        }
    };
    json!({"operation": operation, "parameters": members})
}
