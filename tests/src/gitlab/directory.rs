use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The projects and users of the instance.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Every project. Two may have the same path, as if the second had been registered after the first was renamed.
    pub projects: Vec<Project>,
    /// Every user.
    pub users: Vec<User>,
}

/// A project and the protection rules that decide `ref_protected`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// Never reused, whatever happens to the path.
    pub id: u64,
    /// Full path, without a leading slash.
    pub path: String,
    /// Id of the immediate namespace.
    pub namespace_id: u64,
    /// `private`, `internal` or `public`.
    pub visibility: String,
    /// Branch names; a trailing `*` stands for any ending.
    pub protected_branches: Vec<String>,
    /// Tag names, in the same notation.
    pub protected_tags: Vec<String>,
    /// Id of the project that this one is a fork of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<u64>,
}

/// Somebody who pushes, schedules and clicks.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's id.
    pub id: u64,
    /// Name at sign-in, which the user may change.
    pub login: String,
    /// Primary address, which the user may change.
    pub email: String,
    /// Role by namespace path.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
    /// External identities; a token has them only if the user opted in, as one of the default users did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identities: Option<serde_json::Value>,
    /// Direct group memberships; a token has them only where an instance switched that on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
}

impl Directory {
    /// The first project with that path.
    pub fn project_by_path(&self, path: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.path == path)
    }

    /// The project with that id.
    pub fn project_by_id(&self, id: u64) -> Option<&Project> {
        self.projects.iter().find(|project| project.id == id)
    }

    /// A fork of the project.
    pub fn fork_of(&self, parent: &Project) -> Option<&Project> {
        self.projects.iter().find(|project| project.forked_from == Some(parent.id))
    }

    /// The user who signs in with that name.
    pub fn user(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| user.login == login)
    }
}

impl Default for Directory {
    fn default() -> Self {
        serde_json::from_str(include_str!("directory.json")).expect("the default directory is valid")
    }
}

impl Project {
    /// The path without its last segment.
    pub fn namespace_path(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(namespace, _)| namespace)
    }

    /// Whether the branch or tag is protected here.
    pub fn protects(&self, name: &str, is_tag: bool) -> bool {
        let rules = if is_tag { &self.protected_tags } else { &self.protected_branches };
        rules.iter().any(|rule| match rule.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => rule == name,
        })
    }
}
