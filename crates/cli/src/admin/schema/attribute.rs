use serde_json::{Value, json};

/// What an attribute may be. What is finer than a schema can say is left to `brevet mappings lint`.
pub(super) fn value(name: &str) -> Value {
    let text = || json!({"type": "string", "minLength": 1});
    let texts = || json!({"anyOf": [text(), {"type": "array", "items": text(), "minItems": 1, "uniqueItems": true}]});
    let flag = || json!({"type": "boolean"});
    let number = |least: u64, most: u64| json!({"type": "integer", "minimum": least, "maximum": most});
    let moment = || json!({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer", "minimum": 0}]});
    match name {
        "name" => json!({"type": "string", "pattern": r"^(\*|[a-z0-9][a-z0-9._-]{0,63})$"}),
        "role_arn" => json!({"type": "string", "pattern": r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/"}),
        "effect" => json!({"enum": ["allow", "deny"]}),
        "mode" => json!({"enum": ["enforce", "report"]}),
        "via" => json!({"enum": ["assume_role", "web_identity"]}),
        "source_identity" => json!({"enum": ["user_login", "job"]}),
        "enabled" | "allow_unprotected" | "allow_fork_pipelines" => flag(),
        "duration_seconds" | "max_duration_seconds" => number(900, 43_200),
        "max_token_age_seconds" => number(1, 31 * 86_400),
        "max_uses_per_token" => number(1, 100),
        "not_before" | "expires_at" => moment(),
        "review_by" => json!({"anyOf": [text(), {"type": "integer", "minimum": 0}]}),
        "conditions" => json!({"$ref": "#/definitions/conditions"}),
        "session_policy" => json!({"type": ["object", "string"]}),
        "policy_arns" | "session_tags" | "transitive_tag_keys" | "routes" => texts(),
        _ => text(),
    }
}

/// The same with what editors show beside it.
pub(super) fn described(name: &str, mut value: Value) -> Value {
    if let (Some(words), Some(members)) = (words(name), value.as_object_mut()) {
        members.insert("description".to_owned(), json!(words));
    }
    value
}

fn words(name: &str) -> Option<&'static str> {
    Some(match name {
        "scope" => {
            "Whom the row is for: `<issuer without scheme>`, or that with `/project/ID`, `/namespace/ID` or `/group/PATH`"
        }
        "name" => "What a job asks for; `api.<API_NAME>` for an authorizer; `*` on a deny row: every name",
        "effect" => "`allow` (default) or `deny`, which wins",
        "mode" => "`enforce` (default), or `report`: evaluated and logged, without consequences",
        "enabled" => "`false` switches the row off",
        "not_before" => "When the row comes into force: RFC 3339, or seconds since the epoch",
        "expires_at" => "When the row ends: RFC 3339, or seconds since the epoch",
        "conditions" => {
            "Claim to pattern, or list of patterns: all claims must hold, any pattern of a list may. `*` within a `/` segment, `**` across"
        }
        "project_path" => "A label that must equal the project's path, so that renames and transfers are seen",
        "allow_unprotected" => "Lets the row go without `ref_protected: true` or `environment_protected: true`",
        "allow_fork_pipelines" => "Lets in jobs that run code of a fork",
        "max_token_age_seconds" => "How old a token may be, at most",
        "role_arn" => "The role; `{project_id}` and `{namespace_id}` are filled in",
        "via" => "`assume_role` (default), or `web_identity`: the job's own token goes to STS",
        "duration_seconds" => "How long a session is, if nothing else is asked for",
        "max_duration_seconds" => "How long a session may be asked for",
        "session_policy" => "Inline policy that narrows the session",
        "policy_arns" => "Managed policies that narrow the session, at most 10",
        "session_tags" => "Further claims to send as session tags",
        "transitive_tag_keys" => "Keys of tags that stay when the session assumes another role",
        "source_identity" => "What CloudTrail shows through chains of roles: `user_login` or `job`",
        "max_uses_per_token" => "How often one token may be used",
        "routes" => "On `api.` rows: `METHOD /path`; `*` one segment, `**` the rest",
        "owner" => "Who answers for the row: a team",
        "review_by" => "When somebody looks at the row again: a date",
        _ => return None,
    })
}
