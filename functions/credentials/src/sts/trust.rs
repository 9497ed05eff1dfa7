//! STS has one code for every refusal, `AccessDenied`. Its sentence names the action that was refused, and that action
//! tells which statement of the role's trust policy is missing.

/// Which part of the target role's trust is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MissingTrust {
    /// `sts:AssumeRole`, or a condition on it such as a pinned project id.
    #[error(
        "its trust policy does not let Brevet assume it, or a condition there (such as a pinned `aws:RequestTag/gitlab_project_id`) is not met"
    )]
    AssumeRole,
    /// Brevet's own half: its role may not assume this one.
    #[error(
        "Brevet's own permissions do not reach that role; it has to be below the role path that Brevet was deployed with"
    )]
    BrevetPermission,
    /// `sts:TagSession`.
    #[error("its trust policy does not allow `sts:TagSession`, which Brevet needs to say which job it is")]
    TagSession,
    /// `sts:SetSourceIdentity`.
    #[error("its trust policy does not allow `sts:SetSourceIdentity`, which the mapping asks for")]
    SetSourceIdentity,
    /// `sts:AssumeRoleWithWebIdentity`.
    #[error("its trust policy does not admit this token through the account's OIDC provider")]
    WebIdentity,
    /// STS does not say.
    #[error("STS does not say which part of its trust is missing")]
    Unknown,
}

impl MissingTrust {
    /// Reads the action from `... is not authorized to perform: sts:TagSession on resource: ...`, and whose policy it is
    /// from `... because no identity-based policy allows the ... action`, which is in the sentence at times.
    pub(super) fn from_message(message: &str) -> Self {
        if message.contains("no identity-based policy allows") {
            return Self::BrevetPermission;
        }
        let action = message.split_once("perform: ").map_or("", |(_, rest)| rest);
        match action.split_whitespace().next() {
            Some("sts:AssumeRole") => Self::AssumeRole,
            Some("sts:TagSession") => Self::TagSession,
            Some("sts:SetSourceIdentity") => Self::SetSourceIdentity,
            Some("sts:AssumeRoleWithWebIdentity") => Self::WebIdentity,
            _ if message.contains("sts:AssumeRoleWithWebIdentity") => Self::WebIdentity,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_halves_of_trust_apart_and_admits_when_it_cannot() {
        let user = "User: arn:aws:sts::111122223333:assumed-role/vendor/x is not authorized to perform:";
        let resource = "on resource: arn:aws:iam::444455556666:role/brevet/deploy";
        let cases = [
            (format!("{user} sts:AssumeRole {resource}"), MissingTrust::AssumeRole),
            (format!("{user} sts:TagSession {resource}"), MissingTrust::TagSession),
            (format!("{user} sts:SetSourceIdentity {resource}"), MissingTrust::SetSourceIdentity),
            ("Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned(), MissingTrust::WebIdentity),
            (format!("{user} sts:AssumeRoleX {resource}"), MissingTrust::Unknown),
            (
                format!(
                    "{user} sts:AssumeRole {resource} because no identity-based policy allows the sts:AssumeRole action"
                ),
                MissingTrust::BrevetPermission,
            ),
            ("Access denied".to_owned(), MissingTrust::Unknown),
            (String::new(), MissingTrust::Unknown),
        ];
        for (message, expected) in cases {
            assert_eq!(MissingTrust::from_message(&message), expected, "{message}");
        }
    }
}
