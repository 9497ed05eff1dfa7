//! Which ids make a role's ARN of the template in a row.

use brevet_identity::NumericId;

use crate::facts::Facts;

const PROJECT: &str = "{project_id}";
const NAMESPACE: &str = "{namespace_id}";

/// The ids a template is filled with, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ids {
    project: Option<String>,
    namespace: Option<String>,
}

impl Ids {
    pub(super) fn known(facts: &Facts) -> Self {
        let id = |claim| facts.only_value(claim).map(str::to_owned);
        Self { project: id("project_id"), namespace: id("namespace_id") }
    }

    /// The ids with which the template is this ARN: the known ones, and what the others have to be.
    pub(super) fn that_make(&self, template: &str, arn: &str) -> Option<Self> {
        let Some(start) = template.find('{') else { return (template == arn).then(|| self.clone()) };
        let (plain, rest) = template.split_at_checked(start)?;
        let arn = arn.strip_prefix(plain)?;
        let (is_project, rest) = match (rest.strip_prefix(PROJECT), rest.strip_prefix(NAMESPACE)) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            (None, None) => return None,
        };
        let known = if is_project { &self.project } else { &self.namespace };
        if let Some(id) = known {
            return self.that_make(rest, arn.strip_prefix(id.as_str())?);
        }
        (1..=NumericId::MAX_DIGITS).find_map(|digits| {
            let (id, arn) = arn.split_at_checked(digits)?;
            let id = NumericId::parse(id)?.to_string();
            let mut filled = self.clone();
            *(if is_project { &mut filled.project } else { &mut filled.namespace }) = Some(id);
            filled.that_make(rest, arn)
        })
    }

    /// The template with the known ids filled in.
    pub(super) fn fill(&self, template: &str) -> String {
        let filled = template.replace(PROJECT, self.project.as_deref().unwrap_or(PROJECT));
        filled.replace(NAMESPACE, self.namespace.as_deref().unwrap_or(NAMESPACE))
    }

    pub(super) fn add_to(&self, facts: &mut Facts) {
        for (claim, id) in [("project_id", &self.project), ("namespace_id", &self.namespace)] {
            id.iter().for_each(|id| facts.add_value(claim, id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(project: Option<&str>, namespace: Option<&str>) -> Ids {
        Ids { project: project.map(str::to_owned), namespace: namespace.map(str::to_owned) }
    }

    #[test]
    fn finds_no_ids_for_a_role_that_the_template_cannot_make() {
        for (template, arn) in [
            ("role/p-{project_id}", "role/p-"),
            ("role/p-{project_id}", "role/p-abc"),
            ("role/p-{project_id}", "role/p-04711"),
            ("role/p-{project_id}", "role/p-4711-x"),
            ("role/{project_id}/{project_id}", "role/1/2"),
            ("role/p", "role/q"),
        ] {
            assert_eq!(Ids::default().that_make(template, arn), None, "{template} {arn}");
        }
        assert_eq!(ids(Some("1"), None).that_make("role/p-{project_id}", "role/p-4711"), None);
    }

    #[test]
    fn finds_the_ids_that_make_a_role() {
        let found = |template, arn| Ids::default().that_make(template, arn);
        assert_eq!(found("role/p", "role/p"), Some(Ids::default()));
        assert_eq!(found("role/p-{project_id}", "role/p-4711"), Some(ids(Some("4711"), None)));
        assert_eq!(
            found("role/{namespace_id}/p{project_id}x", "role/812/p4711x"),
            Some(ids(Some("4711"), Some("812")))
        );
        assert_eq!(found("role/{project_id}{namespace_id}1", "role/121"), Some(ids(Some("1"), Some("2"))));
        assert_eq!(ids(None, Some("812")).fill("role/{namespace_id}/{project_id}"), "role/812/{project_id}");
    }
}
