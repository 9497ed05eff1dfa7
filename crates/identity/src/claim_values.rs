//! What is known of a claim's values, for whoever judges a rule before any token comes: nothing is decided here.

use crate::claims::ClaimName;

/// The values GitLab gives a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownValues {
    /// These and never another.
    Exactly(&'static [&'static str]),
    /// These, and a later version of GitLab may have more.
    SoFar(&'static [&'static str]),
    /// A decimal id.
    Id,
    /// Anything.
    Free,
}

/// Where a job comes from. The policies that put a job into a pipeline come first: a pipeline has no such source.
const JOB_SOURCES: &[&str] = &[
    "pipeline_execution_policy",
    "scan_execution_policy",
    "push",
    "web",
    "schedule",
    "api",
    "trigger",
    "chat",
    "webide",
    "merge_request_event",
    "external_pull_request_event",
    "parent_pipeline",
    "pipeline",
    "external",
    "ondemand_dast_scan",
    "ondemand_dast_validation",
    "security_orchestration_policy",
    "container_registry_push",
    "duo_workflow",
    "pipeline_execution_policy_schedule",
    "unknown",
];

const PIPELINE_SOURCES: &[&str] = JOB_SOURCES.split_at(2).1;

impl ClaimName {
    /// What is known of the claim's values. Source: GitLab's `lib/gitlab/ci/jwt_v2.rb` and `app/models/concerns/enums/ci/pipeline.rb`.
    pub fn known_values(self) -> KnownValues {
        match self.as_str() {
            "ref_type" => KnownValues::Exactly(&["branch", "tag"]),
            "ref_protected" | "environment_protected" => KnownValues::Exactly(&["true", "false"]),
            "project_visibility" => KnownValues::Exactly(&["private", "internal", "public"]),
            "pipeline_source" => KnownValues::SoFar(PIPELINE_SOURCES),
            "job_source" => KnownValues::SoFar(JOB_SOURCES),
            "user_access_level" => {
                KnownValues::SoFar(&["guest", "planner", "reporter", "developer", "maintainer", "owner"])
            }
            "deployment_tier" => KnownValues::SoFar(&["production", "staging", "testing", "development", "other"]),
            "environment_action" => KnownValues::SoFar(&["start", "prepare", "stop", "verify", "access"]),
            "runner_environment" => KnownValues::SoFar(&["gitlab-hosted", "self-hosted"]),
            "project_id"
            | "namespace_id"
            | "pipeline_id"
            | "job_id"
            | "job_project_id"
            | "user_id"
            | "runner_id"
            | "job_namespace_id"
            | "source_project_id"
            | "source_namespace_id" => KnownValues::Id,
            _ => KnownValues::Free,
        }
    }

    /// Whether whoever can push some branch, write its `.gitlab-ci.yml` or rename themselves decides on the value, so
    /// that a rule which rests on such claims alone keeps nobody of the project out.
    pub fn is_chosen_by_author(self) -> bool {
        [
            "sub",
            "ref",
            "ref_path",
            "sha",
            "environment",
            "deployment_tier",
            "environment_action",
            "user_login",
            "user_email",
            "ci_config_ref_uri",
            "ci_config_sha",
        ]
        .contains(&self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(name: &str) -> ClaimName {
        ClaimName::parse(name).unwrap()
    }

    #[test]
    fn knows_what_gitlab_decides_from_what_a_job_author_decides() {
        let chosen: Vec<&str> =
            ClaimName::all().filter(|claim| claim.is_chosen_by_author()).map(ClaimName::as_str).collect();
        assert_eq!(
            chosen,
            [
                "ref",
                "ref_path",
                "sub",
                "environment",
                "deployment_tier",
                "environment_action",
                "user_login",
                "user_email",
                "sha",
                "ci_config_ref_uri",
                "ci_config_sha"
            ]
        );
    }

    #[test]
    fn knows_an_id_by_its_name() {
        for name in ClaimName::all() {
            assert_eq!(name.known_values() == KnownValues::Id, name.as_str().ends_with("_id"), "{name}");
        }
    }

    #[test]
    fn holds_a_list_closed_only_where_gitlab_has_no_third_word() {
        let listed: Vec<(&str, bool, &str)> = ClaimName::all()
            .filter_map(|claim| match claim.known_values() {
                KnownValues::Exactly(words) => Some((claim.as_str(), true, words[0])),
                KnownValues::SoFar(words) => Some((claim.as_str(), false, words[0])),
                KnownValues::Id | KnownValues::Free => None,
            })
            .collect();
        assert_eq!(
            listed,
            [
                ("ref_type", true, "branch"),
                ("ref_protected", true, "true"),
                ("environment_protected", true, "true"),
                ("deployment_tier", false, "production"),
                ("environment_action", false, "start"),
                ("pipeline_source", false, "push"),
                ("job_source", false, "pipeline_execution_policy"),
                ("user_access_level", false, "guest"),
                ("runner_environment", false, "gitlab-hosted"),
                ("project_visibility", true, "private"),
            ]
        );
    }

    #[test]
    fn gives_a_pipeline_no_source_that_only_a_job_has() {
        let KnownValues::SoFar(sources) = claim("pipeline_source").known_values() else { panic!("is not a list") };
        assert!(sources.contains(&"push") && !sources.contains(&"scan_execution_policy"));
    }
}
