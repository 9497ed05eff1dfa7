//! A session of a role, as Brevet hands it out.

use std::fmt;

use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Short-lived credentials. They are exposed by name alone: `Debug` shows who and until when.
#[derive(Clone)]
pub(crate) struct SessionCredentials {
    /// The id of the access key; not secret.
    pub access_key_id: String,
    secret_access_key: String,
    session_token: String,
    /// When the session ends.
    pub expires_at: OffsetDateTime,
    /// The session, `arn:...:assumed-role/NAME/gl-...`; empty where the answer does not tell.
    pub assumed_role_arn: String,
    /// The role; empty where the answer does not tell.
    pub role_arn: String,
    /// The mapping that granted; empty where the answer does not tell.
    pub mapping: String,
    /// Brevet's request, by which its own log has the grant; empty where the answer does not tell.
    pub request_id: String,
    body: String,
}

/// The answer has not the shape of credentials. Which part is missing does not matter, and what is there stays secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is not a session")]
pub(crate) struct NotASession;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    access_key_id: String,
    secret_access_key: String,
    token: String,
    expiration: String,
    #[serde(default)]
    assumed_role_arn: String,
    #[serde(default)]
    role_arn: String,
    #[serde(default)]
    mapping: String,
    #[serde(default)]
    request_id: String,
}

impl SessionCredentials {
    /// Reads an answer of the container-credentials contract.
    pub(crate) fn parse(body: &str) -> Result<Self, NotASession> {
        let read: Body = serde_json::from_str(body).map_err(|_| NotASession)?;
        let secrets = [&read.access_key_id, &read.secret_access_key, &read.token];
        // They are printed as lines for shells and files, so nothing may end a line.
        let printable = |text: &&String| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !secrets.iter().all(printable) {
            return Err(NotASession);
        }
        Ok(Self {
            expires_at: OffsetDateTime::parse(&read.expiration, &Rfc3339).map_err(|_| NotASession)?,
            access_key_id: read.access_key_id,
            secret_access_key: read.secret_access_key,
            session_token: read.token,
            assumed_role_arn: read.assumed_role_arn,
            role_arn: read.role_arn,
            mapping: read.mapping,
            request_id: read.request_id,
            body: body.to_owned(),
        })
    }

    /// The name of the role session, `gl-<project>-<pipeline>-<job>`.
    pub(crate) fn session_name(&self) -> &str {
        self.assumed_role_arn.rsplit('/').next().unwrap_or_default()
    }

    /// For how long it can still be used, in seconds; negative afterwards.
    pub(crate) fn remaining_seconds(&self, now: OffsetDateTime) -> i64 {
        (self.expires_at - now).whole_seconds()
    }

    /// Brevet's answer as it came: for SDKs that fetch container credentials. Secret.
    pub(crate) fn expose_body(&self) -> &str {
        &self.body
    }

    /// What must not turn up anywhere: the secret key and the session token.
    pub(crate) fn expose_secrets(&self) -> [&str; 2] {
        [&self.secret_access_key, &self.session_token]
    }

    /// What AWS tools look for in their environment. Secret.
    pub(crate) fn expose_variables(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
            ("AWS_SESSION_TOKEN", self.session_token.clone()),
            ("AWS_CREDENTIAL_EXPIRATION", self.expiration()),
        ]
    }

    /// The output of a `credential_process`: its version 1 and its members, no others. Secret.
    pub(crate) fn expose_process(&self) -> String {
        json!({
            "Version": 1,
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": self.secret_access_key,
            "SessionToken": self.session_token,
            "Expiration": self.expiration(),
        })
        .to_string()
    }

    /// For the AWS SDK, which redacts it as well.
    pub(crate) fn for_sdk(&self) -> aws_credential_types::Credentials {
        aws_credential_types::Credentials::new(
            self.access_key_id.clone(),
            self.secret_access_key.clone(),
            Some(self.session_token.clone()),
            Some(self.expires_at.into()),
            "brevet",
        )
    }

    /// When the session ends, in RFC 3339.
    pub(crate) fn expiration(&self) -> String {
        self.expires_at.format(&Rfc3339).unwrap_or_default()
    }
}

impl fmt::Debug for SessionCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionCredentials({}, until {}, redacted)", self.access_key_id, self.expiration())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::test_support::session_body;

    #[test]
    fn refuses_answers_that_are_no_session() {
        let with = |name: &str, value: Value| {
            let mut body: Value = serde_json::from_str(&session_body(3600)).unwrap();
            body[name] = value;
            body.to_string()
        };
        let cases = [
            String::new(),
            "[]".to_owned(),
            "<html>".to_owned(),
            with("AccessKeyId", Value::Null),
            with("SecretAccessKey", json!("")),
            with("Token", json!("two\nlines")),
            with("Token", json!("a b")),
            with("Expiration", json!("tomorrow")),
            with("Expiration", json!(1_800_000_000)),
        ];
        for body in cases {
            assert!(SessionCredentials::parse(&body).is_err(), "{body}");
        }
    }

    #[test]
    fn never_prints_a_secret() {
        let session = SessionCredentials::parse(&session_body(3600)).unwrap();
        let printed = format!("{session:?} {:?}", session.for_sdk());
        assert!(printed.contains("ASIATEST") && !printed.contains("test-secret") && !printed.contains("test-token"));
    }

    #[test]
    fn gives_a_credential_process_its_five_members_and_no_others() {
        let session = SessionCredentials::parse(&session_body(3600)).unwrap();
        let printed: Value = serde_json::from_str(&session.expose_process()).unwrap();
        let mut names: Vec<&String> = printed.as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["AccessKeyId", "Expiration", "SecretAccessKey", "SessionToken", "Version"]);
        assert_eq!(printed["Version"], 1);
    }

    #[test]
    fn knows_the_name_of_the_session_from_its_arn() {
        let session = SessionCredentials::parse(&session_body(3600)).unwrap();
        assert_eq!(session.session_name(), "gl-4711-990001-5550001");
    }
}
