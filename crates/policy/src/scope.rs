use std::fmt;

use brevet_identity::{NumericId, Principal};

/// The longest partition key DynamoDB takes, in bytes: no row can have a longer scope.
const LONGEST: usize = 2_048;

/// Whom a row is for: `<issuer without scheme>`, alone or with `/project/ID`, `/namespace/ID` or `/group/PATH`.
///
/// Scopes are compared as text, case kept. Ids come first in the order of precedence, because paths are renamed,
/// transferred and registered again by others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

/// Which projects of its issuer a scope is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// All of them.
    Everyone,
    /// One, by its id.
    Project(&'a str),
    /// Those directly in a namespace, by its id.
    Namespace(&'a str),
    /// Those anywhere below a path.
    Group(&'a str),
}

impl Scope {
    /// Reads the scope of a row, or says nothing more than that it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (issuer, subject) = split(text);
        let well_formed = is_issuer(issuer)
            && match subject {
                Subject::Everyone => true,
                Subject::Group(path) => path.split('/').all(is_path_segment),
                Subject::Project(id) | Subject::Namespace(id) => NumericId::parse(id).is_some(),
            };
        (well_formed && text.len() <= LONGEST).then(|| Self(text.to_owned()))
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The issuer without its scheme.
    pub fn issuer(&self) -> &str {
        split(&self.0).0
    }

    /// Which of the issuer's projects it is for.
    pub fn subject(&self) -> Subject<'_> {
        split(&self.0).1
    }
}

/// Every scope a job is in, most specific first: its project, its namespace, the groups above it from the deepest up,
/// its issuer.
pub fn scopes_of(principal: &Principal) -> Vec<Scope> {
    let issuer = principal.issuer_without_scheme();
    let path = principal.namespace_path();
    let mut scopes = vec![
        format!("{issuer}/project/{}", principal.project_id()),
        format!("{issuer}/namespace/{}", principal.namespace_id()),
        format!("{issuer}/group/{path}"),
    ];
    let ancestors = path.rmatch_indices('/').filter_map(|(end, _)| path.get(..end));
    scopes.extend(ancestors.map(|ancestor| format!("{issuer}/group/{ancestor}")));
    scopes.push(issuer.to_owned());
    scopes.into_iter().filter(|scope| scope.len() <= LONGEST).map(Scope).collect()
}

/// What makes a subject of the text behind its marker.
type Kind<'a> = fn(&'a str) -> Subject<'a>;

/// The issuer and what comes after it. The first marker counts: a group may be called `project`.
fn split<'a>(text: &'a str) -> (&'a str, Subject<'a>) {
    let kinds: [(&str, Kind<'a>); 3] =
        [("/project/", Subject::Project), ("/namespace/", Subject::Namespace), ("/group/", Subject::Group)];
    let found = kinds
        .into_iter()
        .filter_map(|(marker, kind)| text.split_once(marker).map(|(issuer, rest)| (issuer, kind(rest))));
    found.min_by_key(|(issuer, _)| issuer.len()).unwrap_or((text, Subject::Everyone))
}

/// A host in lower case, perhaps a port, perhaps the path of an instance below the root.
fn is_issuer(text: &str) -> bool {
    let mut segments = text.split('/');
    let host = segments.next().unwrap_or("");
    let is_host = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]_".contains(&byte));
    let last = text.rsplit('/').next().unwrap_or("");
    is_host && segments.all(is_path_segment) && !["project", "namespace", "group"].contains(&last)
}

/// GitLab's paths are made of letters, digits, `_`, `.` and `-`; `~` and `%` may be part of an instance's own path.
fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-~%".contains(&byte))
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::principal_with;

    #[test]
    fn refuses_scopes_that_no_job_could_be_in() {
        let refused = [
            "",
            "https://gitlab.example.com",
            "gitlab.example.com/",
            "/project/4711",
            "GitLab.example.com",
            "gitlab.example.com/project/",
            "gitlab.example.com/project/abc",
            "gitlab.example.com/project/04711",
            "gitlab.example.com/project/4711/",
            "gitlab.example.com/project",
            "gitlab.example.com/namespace",
            "gitlab.example.com/group",
            "gitlab.example.com/group/",
            "gitlab.example.com/group/a//b",
            "gitlab.example.com/group/a/",
            "gitlab.example.com/group/*",
            "gitlab.example.com/project/*",
            "gitlab.example.com /project/1",
            "gitlab.example.com/project/4711\n",
            "*",
            "gitlab.example.com//project/1",
        ];
        for text in refused {
            assert_eq!(Scope::parse(text), None, "{text:?}");
        }
        assert_eq!(Scope::parse(&format!("gitlab.example.com/group/{}", "a".repeat(2_048))), None);
    }

    #[test]
    fn reads_every_kind_of_scope() {
        let accepted = [
            "gitlab.example.com",
            "gitlab.example.com:8443",
            "tools.example.com/GitLab",
            "localhost:8929/project/0",
            "tools.example.com/gitlab/project/4711",
            "gitlab.example.com/namespace/812",
            "gitlab.example.com/group/Nordwind/platform.x",
            "gitlab.example.com/group/nordwind/project/4711",
        ];
        for text in accepted {
            assert_eq!(Scope::parse(text).map(|scope| scope.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn tells_the_issuer_from_whom_it_is_for() {
        for (text, issuer, subject) in [
            ("gitlab.example.com", "gitlab.example.com", Subject::Everyone),
            ("tools.example.com/gitlab/project/4711", "tools.example.com/gitlab", Subject::Project("4711")),
            ("gitlab.example.com/namespace/812", "gitlab.example.com", Subject::Namespace("812")),
            ("gitlab.example.com/group/a/project/4711", "gitlab.example.com", Subject::Group("a/project/4711")),
        ] {
            let scope = Scope::parse(text).unwrap();
            assert_eq!((scope.issuer(), scope.subject()), (issuer, subject), "{text}");
        }
    }

    #[test]
    fn lists_project_namespace_groups_from_the_deepest_and_issuer() {
        let principal = principal_with(&[("namespace_path", json!("Nordwind/platform/eu"))]);
        let scopes: Vec<String> = scopes_of(&principal).iter().map(Scope::to_string).collect();
        let expected = [
            "gitlab.example.com/project/4711",
            "gitlab.example.com/namespace/812",
            "gitlab.example.com/group/Nordwind/platform/eu",
            "gitlab.example.com/group/Nordwind/platform",
            "gitlab.example.com/group/Nordwind",
            "gitlab.example.com",
        ];
        assert_eq!(scopes, expected);
    }

    #[test]
    fn leaves_out_groups_whose_key_no_table_could_hold() {
        let deep = format!("{}/{}", "a".repeat(1_000), "b".repeat(1_500));
        let scopes = scopes_of(&principal_with(&[("namespace_path", json!(deep))]));
        assert_eq!(scopes.len(), 4);
    }

    #[test]
    fn asks_for_no_more_keys_than_one_batch_takes() {
        let deepest = vec!["g"; 40].join("/");
        let scopes = scopes_of(&principal_with(&[("namespace_path", json!(deepest))]));
        assert!(scopes.len() * 2 <= 100, "{}", scopes.len());
    }
}
