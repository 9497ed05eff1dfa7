//! `brevet roles`: what a project could ask for, from the rows.

use std::collections::BTreeSet;

use brevet_identity::NumericId;
use brevet_policy::{Row, Scope};
use brevet_review::{Project, roles_of};
use clap::Args;
use serde_json::{Value, json};

use super::Context;
use super::clock::now;
use super::colour::Colours;
use super::moment::{moment, shown};
use super::reach;
use super::source::RowSource;
use super::trouble::Trouble;
use crate::output;

/// `brevet roles`.
#[derive(Debug, Args)]
pub struct Roles {
    /// The project: its id, or its full path
    #[arg(value_name = "PROJECT_ID|PATH")]
    pub project: String,

    /// Its id, where the path is given
    #[arg(long, value_name = "ID", value_parser = id)]
    pub project_id: Option<NumericId>,

    /// Its path, where the id is given
    #[arg(long, value_name = "PATH", value_parser = path)]
    pub path: Option<String>,

    /// The id of the group or user namespace it is directly in
    #[arg(long, value_name = "ID", value_parser = id)]
    pub namespace_id: Option<NumericId>,

    /// Its GitLab, as scopes begin: `gitlab.example.com` [default: the one that the rows are for]
    #[arg(long, value_name = "HOST")]
    pub issuer: Option<String>,

    /// Answer for this time [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<u64>,

    /// Where the rows are.
    #[command(flatten)]
    pub rows: RowSource,
}

pub(super) async fn run(arguments: &Roles, context: &Context<'_>) -> Result<u8, Trouble> {
    let project = arguments.project()?;
    let rows = arguments.rows.rows(context).await?;
    let at = arguments.at.unwrap_or_else(now);
    let found = match arguments.issuer.clone().map_or_else(|| only_issuer(&rows), |issuer| Ok(Some(issuer)))? {
        Some(issuer) => roles_of(&project, &issuer, &rows, at),
        None => Vec::new(),
    };
    if context.json {
        output::print(&json!({"at": shown(at), "rows": found}).to_string())?;
        return Ok(0);
    }
    output::print(&reach::sheet(&found, "No row is for this project.", Colours::of(context)))?;
    Ok(0)
}

impl Roles {
    fn project(&self) -> Result<Project, Trouble> {
        let twice = |what: &str| Trouble::refused("project_twice", format!("the {what} of the project is given twice"));
        let (mut id, mut own_path) = (self.project_id, self.path.clone());
        if let Some(own) = NumericId::parse(&self.project) {
            if id.replace(own).is_some() {
                return Err(twice("id"));
            }
        } else {
            let own = path(&self.project).map_err(|fault| Trouble::refused("project_invalid", fault))?;
            if own_path.replace(own).is_some() {
                return Err(twice("path"));
            }
        }
        Ok(Project { id, namespace_id: self.namespace_id, path: own_path })
    }
}

/// Rows of several GitLabs may name the same id.
fn only_issuer(rows: &[Row]) -> Result<Option<String>, Trouble> {
    let scope = |row: &Row| row.get("scope").and_then(Value::as_str).and_then(Scope::parse);
    let mut issuers: BTreeSet<String> = rows.iter().filter_map(scope).map(|scope| scope.issuer().to_owned()).collect();
    if issuers.len() > 1 {
        let message = format!("the rows are for several GitLabs: {}", Vec::from_iter(issuers).join(", "));
        return Err(Trouble::refused("issuer_missing", message).with_help("say which one with --issuer HOST"));
    }
    Ok(issuers.pop_first())
}

fn id(text: &str) -> Result<NumericId, String> {
    NumericId::parse(text).ok_or_else(|| "an id is a decimal number".to_owned())
}

fn path(text: &str) -> Result<String, String> {
    let well_formed = text.contains('/') && text.split('/').all(|part| !part.is_empty());
    if well_formed && !text.contains(char::is_whitespace) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is neither an id nor the full path of a project, `group/subgroup/project`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(project: &str, project_id: Option<&str>, path: Option<&str>) -> Roles {
        use crate::admin::table::TableOptions;
        Roles {
            project: project.to_owned(),
            project_id: project_id.and_then(NumericId::parse),
            path: path.map(str::to_owned),
            namespace_id: None,
            issuer: None,
            at: None,
            rows: RowSource { files: Vec::new(), table: TableOptions::default() },
        }
    }

    fn rows(scopes: &[&str]) -> Vec<Row> {
        scopes.iter().map(|scope| json!({"scope": scope}).as_object().unwrap().clone()).collect()
    }

    #[test]
    fn refuses_a_project_that_is_given_twice_or_is_none() {
        for (roles, code) in [
            (roles("4711", Some("4712"), None), "project_twice"),
            (roles("a/b", None, Some("a/c")), "project_twice"),
            (roles("payments", None, None), "project_invalid"),
            (roles("a//b", None, None), "project_invalid"),
        ] {
            assert_eq!(roles.project().unwrap_err().code(), code, "{roles:?}");
        }
        let project = roles("4711", None, Some("a/b")).project().unwrap();
        assert_eq!((project.id.unwrap().to_string().as_str(), project.path.as_deref()), ("4711", Some("a/b")));
    }

    #[test]
    fn does_not_guess_which_gitlab_is_meant() {
        let several = rows(&["gitlab.example.com", "gitlab.example.org/project/1"]);
        assert_eq!(only_issuer(&several).unwrap_err().code(), "issuer_missing");
        let one = rows(&["gitlab.example.com", "gitlab.example.com/project/1", "not a scope"]);
        assert_eq!(only_issuer(&one).unwrap().as_deref(), Some("gitlab.example.com"));
        assert_eq!(only_issuer(&[]).unwrap(), None);
    }
}
