use std::fmt;

use brevet_identity::Principal;

/// The placeholders of a role ARN and the longest text that can take their place.
const PLACEHOLDERS: [&str; 2] = ["{project_id}", "{namespace_id}"];
const LONGEST_ID: &str = "9999999999999999999";

/// The `role_arn` of a row, in which `{project_id}` and `{namespace_id}` may stand for the job's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleArnTemplate(String);

/// The ARN of an IAM role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleArn(String);

impl RoleArnTemplate {
    /// Reads `arn:<partition>:iam::<account>:role/<path and name>`. Placeholders may stand in the path and the name alone.
    pub fn parse(text: &str) -> Option<Self> {
        split(text)?;
        let filled =
            |id: &str| PLACEHOLDERS.iter().fold(text.to_owned(), |arn, placeholder| arn.replace(placeholder, id));
        let (shortest, longest) = (filled("1"), filled(LONGEST_ID));
        let (_, resource) = split(&longest)?;
        let name = shortest.rsplit('/').next()?;
        let sized = name.len() <= 64 && (20..=2_048).contains(&longest.len());
        (is_role(resource) && sized).then(|| Self(text.to_owned()))
    }

    /// The ARN for this job. Ids are digits, so what was well formed stays so.
    pub fn for_job(&self, principal: &Principal) -> RoleArn {
        let arn = self.0.replace("{project_id}", &principal.project_id().to_string());
        RoleArn(arn.replace("{namespace_id}", &principal.namespace_id().to_string()))
    }

    /// As written in the row, with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The account the role is in.
    pub fn account(&self) -> &str {
        split(&self.0).map_or("", |(account, _)| account)
    }

    /// The partition of AWS the role is in: `aws`, `aws-cn`, ...
    pub fn partition(&self) -> &str {
        partition(&self.0)
    }

    /// The role's path and name, from the first slash on: `/brevet/deploy`.
    pub fn path_and_name(&self) -> &str {
        split(&self.0).and_then(|(_, resource)| resource.strip_prefix("role")).unwrap_or("")
    }
}

impl RoleArn {
    /// The account the role is in, twelve digits.
    pub fn account(&self) -> &str {
        split(&self.0).map_or("", |(account, _)| account)
    }

    /// The partition of AWS the role is in: `aws`, `aws-cn`, ...
    pub fn partition(&self) -> &str {
        partition(&self.0)
    }
}

fn partition(arn: &str) -> &str {
    arn.split(':').nth(1).unwrap_or("")
}

/// The account and what follows it.
fn split(arn: &str) -> Option<(&str, &str)> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(':')?;
    let (account, resource) = rest.strip_prefix("iam::")?.split_once(':')?;
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_partition(partition) && is_account).then_some((account, resource))
}

/// Whether this names an AWS partition.
pub(crate) fn is_partition(text: &str) -> bool {
    let suffix = text.strip_prefix("aws");
    suffix.is_some_and(|suffix| suffix.is_empty() || (suffix.starts_with('-') && suffix.bytes().all(is_partition_byte)))
}

fn is_partition_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// `role/`, segments of a path, and a name, in the characters IAM allows.
fn is_role(resource: &str) -> bool {
    let Some(path) = resource.strip_prefix("role/") else { return false };
    path.split('/').all(|segment| !segment.is_empty() && segment.bytes().all(is_name_byte))
}

/// `[\w+=,.@-]`, in ASCII.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::principal;

    #[test]
    fn refuses_what_is_not_a_role_and_placeholders_outside_its_name() {
        let long = format!("arn:aws:iam::111122223333:role/{}", "r".repeat(65));
        let refused = [
            "",
            "deploy",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:user/x",
            "arn:aws:iam::11112222333:role/x",
            "arn:aws:iam:eu-west-1:111122223333:role/x",
            "arn:aws:sts::111122223333:assumed-role/x/y",
            "arn::iam::111122223333:role/x",
            "arn:evil:iam::111122223333:role/x",
            "arn:aws:iam::111122223333:role//x",
            "arn:aws:iam::111122223333:role/a/",
            "arn:aws:iam::111122223333:role/x*",
            "arn:aws:iam::111122223333:role/a b",
            "arn:aws:iam::111122223333:role/x\n",
            "arn:aws:iam::111122223333:role/{ref}",
            "arn:aws:iam::111122223333:role/{project_path}",
            "arn:aws:iam::{project_id}:role/x",
            "arn:aws-{project_id}:iam::111122223333:role/x",
            "arn:aws:iam::111122223333:role/{project_id",
            &long,
        ];
        for text in refused {
            assert_eq!(RoleArnTemplate::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn fills_the_ids_of_the_job_in_and_nothing_else() {
        let template =
            RoleArnTemplate::parse("arn:aws-us-gov:iam::111122223333:role/brevet/{namespace_id}/p-{project_id}")
                .unwrap();
        assert_eq!(template.as_str(), "arn:aws-us-gov:iam::111122223333:role/brevet/{namespace_id}/p-{project_id}");
        assert_eq!(template.path_and_name(), "/brevet/{namespace_id}/p-{project_id}");
        let arn = template.for_job(&principal());
        assert_eq!(arn.to_string(), "arn:aws-us-gov:iam::111122223333:role/brevet/812/p-4711");
        assert_eq!((arn.partition(), arn.account()), ("aws-us-gov", "111122223333"));
    }
}
