use brevet_policy::Pattern;

use super::case::{Allowing, Case};
use super::finding::{LintFinding, Severity};
use super::rule::LintRule;

/// Sources of pipelines that somebody else than a member at work starts: with a trigger token, an access token, or from
/// another pipeline, whose own source is not told.
const RISKY: [&str; 4] = ["api", "trigger", "pipeline", "parent_pipeline"];

/// A production role, and no word on how the pipeline may have been started, or too wide a one.
pub(super) fn risky_pipeline_source(case: &Case<'_>) -> Vec<LintFinding> {
    let production = |allowing: &Allowing<'_>| allowing.role().is_some() && case.is_production(*allowing);
    let Some(allowing) = case.allowing().filter(production) else { return Vec::new() };
    let (attribute, why) = match allowing.condition("pipeline_source") {
        None => (
            "conditions",
            "the row belongs to production and does not limit `pipeline_source`: trigger tokens, the API and other \
             pipelines can start the job"
                .to_owned(),
        ),
        Some(patterns) => {
            let open: Vec<String> = RISKY
                .into_iter()
                .filter(|source| patterns.iter().any(|pattern| pattern.matches(source)))
                .map(|source| format!("`{source}`"))
                .collect();
            if open.is_empty() {
                return Vec::new();
            }
            (
                "conditions.pipeline_source",
                format!("the row belongs to production and lets {} start the job", open.join(", ")),
            )
        }
    };
    let remedy = "list the sources that people mean, such as `push` and `web`, in `pipeline_source`";
    vec![case.at(attribute, (LintRule::RiskyPipelineSource, Severity::Warning), why, remedy)]
}

impl Case<'_> {
    /// Whether a word of the row's name, role, `environment` or `deployment_tier` says so.
    pub(super) fn is_production(&self, allowing: Allowing<'_>) -> bool {
        let conditions = ["environment", "deployment_tier"].map(|claim| allowing.condition(claim).unwrap_or_default());
        let texts = conditions.into_iter().flatten().map(Pattern::as_str);
        let role = allowing.role().map_or("", |terms| terms.role_arn.path_and_name());
        texts.chain([allowing.mapping.name.as_str(), role]).any(|text| self.says_production(text))
    }

    fn says_production(&self, text: &str) -> bool {
        let words = text.split(|character: char| !character.is_ascii_alphanumeric());
        let plain =
            |word: &str| word.trim_end_matches(|character: char| character.is_ascii_digit()).to_ascii_lowercase();
        words.map(plain).any(|word| !word.is_empty() && self.options.production.contains(&word))
    }
}
