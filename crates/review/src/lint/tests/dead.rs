//! Rows and conditions that can do nothing.

use super::*;

#[test]
fn finds_deny_rows_that_keep_nobody_out() {
    let rule = LintRule::DenyNeverMatches;
    for conditions in [
        json!({"ref_protected": "yes"}),
        json!({"ref_type": ["Branch", "commit"]}),
        json!({"project_id": "payments-api"}),
        json!({"user_id": "mlind*"}),
        json!({"project_id": "4712"}),
        json!({"iss": "gitlab.example.com"}),
        json!({"ref_type": "tag", "ref_path": "refs/heads/**"}),
    ] {
        assert_found(json!({"effect": "deny", "conditions": conditions}), rule, Severity::Error);
    }
    assert_not_found(json!({"effect": "deny", "conditions": {"ref_protected": "t*", "user_id": "23*"}}), rule);
    assert_not_found(json!({"effect": "deny", "conditions": null}), rule);
}

#[test]
fn finds_allow_rows_that_let_nobody_in() {
    let rule = LintRule::NeverMatches;
    assert_found(json!({"conditions": {"ref_protected": "true", "ref_type": "trunk"}}), rule, Severity::Warning);
    assert_found(json!({"scope": "gitlab.example.com/group/other"}), rule, Severity::Warning);
    assert_not_found(json!({"conditions": {"ref_protected": "true", "pipeline_source": "new_source"}}), rule);
}

#[test]
fn finds_values_among_others_that_no_job_has() {
    let mixed = json!({"conditions": {"ref_protected": "true", "ref_type": ["branch", "tags"]}});
    assert_found(mixed, LintRule::ImpossibleValue, Severity::Warning);
    let unknown = json!({"conditions": {"ref_protected": "true", "pipeline_source": ["push", "merge_request"]}});
    assert_found(unknown.clone(), LintRule::UnknownValue, Severity::Warning);
    assert_not_found(unknown, LintRule::ImpossibleValue);
    let known = json!({"conditions": {"ref_protected": "true", "job_source": ["scan_execution_policy", "web*"]}});
    assert_not_found(known, LintRule::UnknownValue);
}

fn shadows(rows: &[Row]) -> Vec<String> {
    let shadowed = findings(rows).into_iter().filter(|finding| finding.rule == LintRule::Shadowed);
    shadowed.map(|finding| format!("{} {}", finding.scope, finding.why)).collect()
}

#[track_caller]
fn assert_shadowed(own: &Value, other: &Value) {
    let all = shadows(&[row(own.clone()), row(other.clone())]);
    assert_eq!(all.len(), 1, "{own} {other}: {all:?}");
}

#[track_caller]
fn assert_not_shadowed(own: &Value, other: &Value) {
    assert_eq!(shadows(&[row(own.clone()), row(other.clone())]), [""; 0], "{own} {other}");
}

#[test]
fn finds_rows_that_a_deny_row_leaves_nothing_to() {
    for (scope, name) in [
        ("gitlab.example.com/project/4711", "*"),
        ("gitlab.example.com", "deploy"),
        ("gitlab.example.com", "*"),
        ("gitlab.example.com/group/nordwind", "*"),
    ] {
        assert_shadowed(&json!({}), &json!({"scope": scope, "name": name, "effect": "deny", "conditions": null}));
    }
    let deny = |conditions: Value| json!({"name": "*", "effect": "deny", "conditions": conditions});
    assert_shadowed(&json!({}), &deny(json!({"ref": ["main", "release/**"]})));
    assert_shadowed(&json!({}), &deny(json!({"project_id": "4711", "ref_path": "refs/heads/**"})));
    assert_shadowed(&json!({}), &json!({"name": "*", "effect": "Deny", "conditions": null}));
}

#[test]
fn finds_no_shadow_where_a_deny_row_leaves_something() {
    let deny = |changes: Value| {
        let mut deny = json!({"name": "*", "effect": "deny", "conditions": null});
        deny.as_object_mut().unwrap().extend(crate::test_support::object(changes));
        deny
    };
    for changes in [
        json!({"conditions": {"ref": "main"}}),
        json!({"conditions": {"user_login": "*"}}),
        json!({"mode": "report"}),
        json!({"enabled": false}),
        json!({"expires_at": NOW + DAY}),
        json!({"not_before": NOW + 1}),
        json!({"scope": "gitlab.example.com/group/other"}),
        json!({"scope": "gitlab.example.com/namespace/812"}),
        json!({"scope": "gitlab.example.com", "name": "other"}),
    ] {
        assert_not_shadowed(&json!({}), &deny(changes));
    }
}

#[test]
fn finds_a_wide_row_that_a_more_specific_one_always_takes_over() {
    let pinned = json!({"scope": "gitlab.example.com", "conditions": {"ref_protected": "true", "project_id": "4711"}});
    assert_shadowed(&pinned, &json!({"conditions": {"ref_protected": "true"}}));
    for narrower in [
        json!({}),
        json!({"conditions": {"ref_protected": "true"}, "max_token_age_seconds": 60}),
        json!({"conditions": {"ref_protected": "true"}, "project_path": "other/path"}),
        json!({"conditions": {"ref_protected": "true"}, "expires_at": NOW + 30 * DAY}),
    ] {
        assert_not_shadowed(&pinned, &narrower);
    }
    let mut forks = pinned.clone();
    forks["allow_fork_pipelines"] = json!(true);
    assert_not_shadowed(&forks, &json!({"conditions": {"ref_protected": "true"}}));
    let wide = json!({"scope": "gitlab.example.com/group/nordwind", "project_path": null});
    assert_not_shadowed(&wide, &json!({"conditions": {"ref_protected": "true"}}));
}

#[test]
fn finds_routes_that_another_row_opens_anyway() {
    let api = |scope: &str, routes: Value, conditions: Value| {
        let (role_arn, duration) = (Value::Null, Value::Null);
        json!({"scope": scope, "name": "api.reports", "role_arn": role_arn, "duration_seconds": duration, "routes": routes,
               "conditions": conditions, "project_path": null})
    };
    let protected = json!({"ref_protected": "true"});
    let own = api(
        "gitlab.example.com/project/4711",
        json!(["GET /reports/x"]),
        json!({"ref_protected": "true", "ref": "v*", "ref_type": "tag"}),
    );
    assert_shadowed(&own, &api("gitlab.example.com", json!(["* /reports/**"]), protected.clone()));
    assert_not_shadowed(&own, &api("gitlab.example.com", json!(["POST /reports/**"]), protected));
}
