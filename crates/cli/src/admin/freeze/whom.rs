use brevet_policy::Scope;
use clap::Args;

use crate::admin::trouble::Trouble;

/// Whom it is about.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Frozen {
    /// Every project of a GitLab, as scopes begin: `gitlab.example.com`
    #[arg(long, value_name = "HOST", value_parser = issuer)]
    pub issuer: Option<Scope>,

    /// One scope: `HOST/project/ID`, `HOST/namespace/ID` or `HOST/group/PATH`
    #[arg(long, value_name = "SCOPE", value_parser = scope)]
    pub scope: Option<Scope>,
}

impl Frozen {
    /// The parser makes sure that there is one.
    pub(super) fn scope(&self) -> Result<&Scope, Trouble> {
        let given = self.issuer.as_ref().or(self.scope.as_ref());
        given.ok_or_else(|| Trouble::refused("scope_missing", "nothing says whom to freeze"))
    }
}

pub(super) fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text)
        .ok_or_else(|| "a scope is `HOST`, `HOST/project/ID`, `HOST/namespace/ID` or `HOST/group/PATH`".to_owned())
}

pub(super) fn issuer(text: &str) -> Result<Scope, String> {
    let scope = scope(text)?;
    if scope.issuer() == text {
        Ok(scope)
    } else {
        Err("this is a scope within a GitLab: give it with --scope".to_owned())
    }
}
