//! Credentials on the wire.

use std::fmt;

use crate::ask::Format;

/// The answer to a granted request: one object that serves both the SDKs' container contract and `credential_process`.
///
/// `Debug` shows no secret.
#[derive(serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CredentialsBody {
    version: u8,
    code: &'static str,
    r#type: &'static str,
    /// The id of the access key.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
    /// The session token under the name of the container contract.
    pub token: String,
    /// The same under the name of `credential_process`.
    pub session_token: String,
    /// RFC 3339, whole UTC seconds.
    pub expiration: String,
    /// The account of the role.
    pub account_id: String,
    /// The role.
    pub role_arn: String,
    /// The session.
    pub assumed_role_arn: String,
    /// The name of the mapping that granted.
    pub mapping: String,
    /// API Gateway's request id.
    pub request_id: String,
}

impl CredentialsBody {
    /// A body with the members that are always the same; the caller fills in the rest.
    pub(crate) fn new(access_key_id: String, secret_access_key: String, session_token: String) -> Self {
        Self {
            version: 1,
            code: "Success",
            r#type: "AWS-HMAC",
            access_key_id,
            secret_access_key,
            token: session_token.clone(),
            session_token,
            expiration: String::new(),
            account_id: String::new(),
            role_arn: String::new(),
            assumed_role_arn: String::new(),
            mapping: String::new(),
            request_id: String::new(),
        }
    }

    /// Writes the body; content type first.
    pub(crate) fn write(&self, format: Format) -> (&'static str, String) {
        match format {
            Format::Json => ("application/json", serde_json::to_string(self).unwrap_or_default()),
            Format::Env => {
                ("text/plain; charset=utf-8", self.lines(|name, value| format!("export {name}='{}'\n", quoted(value))))
            }
            Format::Dotenv => ("text/plain; charset=utf-8", self.lines(|name, value| format!("{name}={value}\n"))),
        }
    }

    fn lines(&self, line: impl Fn(&str, &str) -> String) -> String {
        let variables = [
            ("AWS_ACCESS_KEY_ID", &self.access_key_id),
            ("AWS_SECRET_ACCESS_KEY", &self.secret_access_key),
            ("AWS_SESSION_TOKEN", &self.session_token),
            ("AWS_CREDENTIAL_EXPIRATION", &self.expiration),
        ];
        variables.iter().map(|(name, value)| line(name, value)).collect()
    }
}

/// Inside single quotes a POSIX shell reads everything as it is, but the quote itself.
fn quoted(value: &str) -> String {
    value.replace('\'', r"'\''")
}

impl fmt::Debug for CredentialsBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CredentialsBody({}, redacted)", self.access_key_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(secret: &str) -> CredentialsBody {
        CredentialsBody::new("ASIAEXAMPLE".to_owned(), secret.to_owned(), "session/token+=".to_owned())
    }

    #[test]
    fn never_prints_a_secret() {
        let printed = format!("{:?}", body("very-secret"));
        assert!(!printed.contains("very-secret") && !printed.contains("session/token"), "{printed}");
    }

    #[test]
    fn quotes_for_a_shell_whatever_is_in_the_secret() {
        let (_, text) = body("a'b $(c) `d` \\ \"e\"").write(Format::Env);
        assert!(text.contains(r#"export AWS_SECRET_ACCESS_KEY='a'\''b $(c) `d` \ "e"'"#), "{text}");
    }

    #[test]
    fn serves_both_contracts_in_one_object() {
        let (content_type, text) = body("secret").write(Format::Json);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(content_type, "application/json");
        assert_eq!(
            (json["Version"].as_u64(), json["Code"].as_str(), json["Type"].as_str()),
            (Some(1), Some("Success"), Some("AWS-HMAC"))
        );
        assert_eq!(json["Token"], json["SessionToken"]);
    }
}
