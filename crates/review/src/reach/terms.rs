use brevet_identity::ClaimName;
use brevet_policy::{AllowRule, Conditions, Mapping, Pattern};

use crate::facts::Facts;
use crate::words::{any_of, whose};

/// For whom a row is, in plain words. Each has to hold.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Terms {
    /// Which projects.
    pub projects: String,
    /// On which branches and tags.
    pub refs: String,
    /// In which environments.
    pub environments: String,
    /// How the pipeline has to be started.
    pub triggers: String,
    /// Who can make such a job run.
    pub people: String,
    /// Whether code from forks may.
    pub forks: String,
    /// What else has to hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<String>,
}

const PROJECTS: &[&str] =
    &["project_id", "namespace_id", "project_path", "namespace_path", "project_visibility", "iss"];
const REFS: &[&str] = &["ref", "ref_type", "ref_protected", "ref_path", "sha"];
const ENVIRONMENTS: &[&str] = &["environment", "environment_protected", "deployment_tier", "environment_action"];
const TRIGGERS: &[&str] = &["pipeline_source", "job_source"];
const PEOPLE: &[&str] = &["user_id", "user_login", "user_email", "user_access_level"];

impl Terms {
    pub(super) fn of(mapping: &Mapping, rule: &AllowRule, facts: &Facts) -> Self {
        let conditions = &rule.when.conditions;
        Self {
            projects: projects(mapping, rule, facts),
            refs: refs(conditions),
            environments: environments(conditions),
            triggers: of_claims(conditions, TRIGGERS).unwrap_or("however the pipeline was started".to_owned()),
            people: people(conditions),
            forks: forks(rule).to_owned(),
            further: further(rule),
        }
    }
}

fn projects(mapping: &Mapping, rule: &AllowRule, facts: &Facts) -> String {
    let mut told = vec![whose(&mapping.scope)];
    told.extend(of_claims(&rule.when.conditions, PROJECTS));
    // What the name of the role tells.
    let conditioned = get(&rule.when.conditions, "project_id").is_some();
    let id = facts
        .only_value("project_id")
        .filter(|id| !conditioned && !mapping.scope.as_str().ends_with(&format!("/project/{id}")));
    told.extend(id.map(|id| format!("of those project {id} alone, by the name of the role")));
    told.extend(rule.project_path.as_ref().map(|path| format!("as long as its path is `{path}`")));
    told.join(", ")
}

fn refs(conditions: &Conditions) -> String {
    let kind = match only(conditions, "ref_type") {
        Some("branch") => "branches",
        Some("tag") => "tags",
        _ => "branches and tags",
    };
    named(conditions, kind, "ref", "ref_protected", &["ref_path", "sha"])
}

fn environments(conditions: &Conditions) -> String {
    if !ENVIRONMENTS.iter().any(|claim| get(conditions, claim).is_some()) {
        return "any environment, or none".to_owned();
    }
    let further = ["deployment_tier", "environment_action"];
    named(conditions, "environments", "environment", "environment_protected", &further)
}

/// "protected branches `main` or `release/*`".
fn named(conditions: &Conditions, kind: &str, name: &str, protection: &str, further: &[&str]) -> String {
    let protection = match only(conditions, protection) {
        Some("true") => "protected ",
        Some("false") => "unprotected ",
        _ => "",
    };
    let names = get(conditions, name);
    let first = match names {
        None => format!("all {protection}{kind}"),
        Some(names) => format!("{protection}{kind} {}", any_of(Some(names))),
    };
    [Some(first), of_claims(conditions, further)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// GitLab lets a pipeline run on a protected ref, or a job in a protected environment, for those alone who may.
fn people(conditions: &Conditions) -> String {
    let may = match (only(conditions, "ref_protected"), only(conditions, "environment_protected")) {
        (_, Some("true")) => "whoever may deploy to the protected environment",
        (Some("true"), _) => "whoever may push or merge to the protected ref",
        _ => "whoever can push a branch",
    };
    [Some(may.to_owned()), of_claims(conditions, PEOPLE)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn forks(rule: &AllowRule) -> &'static str {
    if rule.allow_fork_pipelines { "code from forks too" } else { "no code from forks" }
}

fn further(rule: &AllowRule) -> Vec<String> {
    let told = [PROJECTS, REFS, ENVIRONMENTS, TRIGGERS, PEOPLE].concat();
    let others = rule.when.conditions.iter().filter(|(claim, _)| !told.contains(&claim.as_str()));
    let mut further: Vec<String> = others.map(|(claim, patterns)| in_words(claim, patterns)).collect();
    further.extend(rule.max_token_age_seconds.map(|age| format!("within {age} s after the job began")));
    further
}

fn of_claims(conditions: &Conditions, claims: &[&str]) -> Option<String> {
    let told: Vec<String> = conditions
        .iter()
        .filter(|(claim, _)| claims.contains(&claim.as_str()))
        .map(|(claim, patterns)| in_words(claim, patterns))
        .collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn in_words(claim: ClaimName, patterns: &[Pattern]) -> String {
    format!("with `{claim}` {}", any_of(Some(patterns)))
}

fn get<'a>(conditions: &'a Conditions, claim: &str) -> Option<&'a [Pattern]> {
    conditions.get(ClaimName::parse(claim)?)
}

fn only<'a>(conditions: &'a Conditions, claim: &str) -> Option<&'a str> {
    match get(conditions, claim)? {
        [only] => Some(only.as_str()),
        _ => None,
    }
}
