use super::*;

const PRODUCTION: &str = "arn:aws:iam::111122223333:role/brevet/payments-prod2";

#[test]
fn finds_production_roles_that_other_pipelines_and_tokens_can_get() {
    let rule = LintRule::RiskyPipelineSource;
    for source in ["api", "trigger", "pipeline", "parent_pipeline", "*", "p*"] {
        let conditions = json!({"ref_protected": "true", "pipeline_source": ["push", source]});
        assert_found(json!({"role_arn": PRODUCTION, "conditions": conditions}), rule, Severity::Warning);
    }
    for mark in [
        json!({"role_arn": PRODUCTION, "conditions": {"ref_protected": "true"}}),
        json!({"name": "deploy-production", "conditions": {"ref_protected": "true"}}),
        json!({"conditions": {"ref_protected": "true", "environment": ["staging", "production/*"]}}),
        json!({"conditions": {"ref_protected": "true", "deployment_tier": "production"}}),
    ] {
        assert_found(mark, rule, Severity::Warning);
    }
    assert_not_found(json!({"role_arn": PRODUCTION}), rule);
    assert_not_found(json!({"conditions": {"ref_protected": "true"}}), rule);
    let products = "arn:aws:iam::111122223333:role/brevet/product-reader";
    assert_not_found(json!({"role_arn": products, "conditions": {"ref_protected": "true"}}), rule);
}

#[test]
fn takes_the_words_for_production_from_the_options() {
    let options = LintOptions { production: vec!["live".to_owned()], ..LintOptions::default() };
    let named = |name: &str| row(json!({"name": name, "conditions": {"ref_protected": "true"}}));
    let is_found = |name: &str| {
        lint_row(&named(name), &options, NOW).iter().any(|finding| finding.rule == LintRule::RiskyPipelineSource)
    };
    assert!(is_found("deploy-live") && !is_found("deploy-prod") && !is_found("delivery"));
}

#[test]
fn finds_roles_outside_the_path_most_of_all_in_other_accounts() {
    let rule = LintRule::RoleOutsidePath;
    for role in ["role/admin", "role/brevet", "role/team/brevet/x", "role/brevet-x/y"] {
        assert_found(json!({"role_arn": format!("arn:aws:iam::111122223333:{role}")}), rule, Severity::Error);
    }
    let outside = row(json!({"role_arn": "arn:aws:iam::111122223333:role/admin"}));
    for (account, severity) in [("111122223333", Severity::Warning), ("444455556666", Severity::Error)] {
        let options = LintOptions { account: Some(account.to_owned()), ..LintOptions::default() };
        let findings = lint_row(&outside, &options, NOW);
        assert_eq!(
            findings.iter().map(|finding| (finding.rule, finding.severity)).collect::<Vec<_>>(),
            [(rule, severity)]
        );
    }
    let options = LintOptions { role_path: "/".to_owned(), ..LintOptions::default() };
    assert_eq!(lint_row(&outside, &options, NOW), []);
}

#[test]
fn finds_one_role_for_a_whole_group() {
    let rule = LintRule::SharedRole;
    for scope in ["gitlab.example.com", "gitlab.example.com/group/nordwind"] {
        assert_found(json!({"scope": scope, "project_path": null}), rule, Severity::Warning);
        let own = json!({"scope": scope, "project_path": null, "role_arn": "arn:aws:iam::111122223333:role/brevet/p-{project_id}"});
        assert_not_found(own, rule);
        let listed = json!({"scope": scope, "project_path": null, "conditions": {"ref_protected": "true", "project_id": ["1", "2"]}});
        assert_not_found(listed, rule);
    }
    assert_not_found(json!({"scope": "gitlab.example.com/namespace/812"}), rule);
}

#[test]
fn finds_sessions_that_are_renewed_at_every_use() {
    let rule = LintRule::ShortSession;
    assert_found(json!({"duration_seconds": 1_799}), rule, Severity::Warning);
    assert_found(json!({"duration_seconds": null, "max_duration_seconds": 900}), rule, Severity::Warning);
    assert_not_found(json!({"duration_seconds": null}), rule);
}

#[test]
fn finds_rows_open_to_code_from_forks() {
    assert_found(json!({"allow_fork_pipelines": true}), LintRule::ForkPipelines, Severity::Warning);
    assert_not_found(json!({"allow_fork_pipelines": false}), LintRule::ForkPipelines);
}
