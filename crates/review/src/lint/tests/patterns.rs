use super::*;

fn unprotected(conditions: Value) -> Value {
    json!({"allow_unprotected": true, "conditions": conditions})
}

#[test]
fn finds_rows_that_ask_for_no_protection() {
    let rule = LintRule::UnprotectedRef;
    assert_found(unprotected(json!({"pipeline_source": "merge_request_event"})), rule, Severity::Warning);
    // Which project it is says nothing about who pushes to it.
    assert_found(unprotected(json!({"project_path": "nordwind/platform/payments-api"})), rule, Severity::Error);
    assert_found(json!({"allow_unprotected": true, "conditions": null}), rule, Severity::Error);
    let mut production = unprotected(json!({"pipeline_source": "push"}));
    production["role_arn"] = json!("arn:aws:iam::111122223333:role/brevet/prod-deploy");
    assert_found(production, rule, Severity::Error);
    assert_not_found(unprotected(json!({"environment_protected": "true"})), rule);
    assert_not_found(json!({"effect": "deny", "conditions": null}), rule);
}

#[test]
fn finds_rows_that_rest_on_what_a_job_author_chooses() {
    let rule = LintRule::AuthorChosen;
    for claim in ["ref", "environment", "user_login", "deployment_tier", "ci_config_ref_uri", "sha", "sub"] {
        assert_found(unprotected(json!({claim: "x"})), rule, Severity::Error);
    }
    assert_found(
        unprotected(json!({"ref": "main", "environment": "production", "ref_type": "branch"})),
        rule,
        Severity::Error,
    );
    assert_found(unprotected(json!({"ref": "main", "project_id": "4711"})), rule, Severity::Error);
    assert_not_found(unprotected(json!({"ref": "main", "pipeline_source": "schedule"})), rule);
    assert_not_found(json!({"conditions": {"ref": "main", "ref_protected": "true"}}), rule);
    assert_not_found(json!({"effect": "deny", "conditions": {"ref": "main"}}), rule);
}

#[test]
fn finds_a_ref_that_a_tag_can_have() {
    let rule = LintRule::MissingRefType;
    assert_found(json!({"conditions": {"ref_protected": "true", "ref": "main"}}), rule, Severity::Warning);
    assert_found(
        json!({"conditions": {"ref_protected": "true", "ref": "main", "ref_path": ["refs/heads/main", "refs/**"]}}),
        rule,
        Severity::Warning,
    );
    assert_not_found(json!({"conditions": {"ref_protected": "true", "ref": "main", "ref_path": "refs/heads/*"}}), rule);
    assert_not_found(json!({"conditions": {"ref_protected": "true"}}), rule);
}

#[test]
fn finds_a_wildcard_where_a_value_begins() {
    let rule = LintRule::FirstSegmentWildcard;
    for (claim, pattern) in [
        ("ref", "*"),
        ("ref", "**"),
        ("ref", "*-prod"),
        ("ref_path", "refs/heads/*"),
        ("ref_path", "refs/**"),
        ("ref_path", "refs/heads**"),
        ("ref_path", "r**"),
        ("environment", "*/eu"),
        ("project_path", "*/payments-api"),
        ("project_path", "nord*/payments-api"),
        ("namespace_path", "**"),
        ("job_project_path", "*/x"),
        ("ci_config_ref_uri", "*/nordwind/x//.gitlab-ci.yml@refs/heads/main"),
        ("ci_config_ref_uri", "gitlab.example.com/**"),
        ("ci_config_ref_uri", "gitlab.example.com/*/x//.gitlab-ci.yml@refs/heads/main"),
        ("sub", "project_path:*/x:ref_type:branch:ref:main"),
    ] {
        assert_found(json!({"conditions": {"ref_protected": "true", claim: pattern}}), rule, Severity::Warning);
    }
    for (claim, pattern) in [
        ("ref", "v*"),
        ("ref", "release/**"),
        ("ref_path", "refs/tags/v*"),
        ("environment", "production/*"),
        ("project_path", "nordwind/**"),
        ("ci_config_ref_uri", "gitlab.example.com/nordwind/**"),
        ("user_login", "*"),
    ] {
        assert_not_found(json!({"conditions": {"ref_protected": "true", claim: pattern}}), rule);
    }
    assert_not_found(json!({"effect": "deny", "conditions": {"ref": "**"}}), rule);
}

#[test]
fn holds_an_open_project_path_against_an_issuer_wide_row_as_an_error() {
    let wide = json!({"scope": "gitlab.example.com", "project_path": null, "conditions": {"ref_protected": "true", "project_path": "*/payments-api"}});
    assert_found(wide, LintRule::FirstSegmentWildcard, Severity::Error);
}
