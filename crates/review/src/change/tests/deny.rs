use super::*;

#[test]
fn widens_when_a_deny_row_keeps_fewer_out() {
    for (many, few) in [
        (json!({"conditions": null}), json!({"conditions": {"ref": "main"}})),
        (json!({"conditions": {"ref": "ma*"}}), json!({"conditions": {"ref": "main"}})),
        (json!({}), json!({"expires_at": NOW})),
        (json!({"expires_at": NOW + 1}), json!({"expires_at": NOW})),
        (json!({"not_before": NOW}), json!({"not_before": NOW + 1})),
        (json!({}), json!({"mode": "report"})),
        (json!({}), json!({"enabled": false})),
    ] {
        assert_means(denying(many), denying(few), Meaning::Widens, Meaning::Narrows);
    }
    let other = json!({"conditions": {"ref": "dev"}});
    assert_means(denying(json!({"conditions": {"ref": "main"}})), denying(other), Meaning::Widens, Meaning::Widens);
}

#[test]
fn widens_when_a_deny_row_for_everything_becomes_readable() {
    for faulty in [
        json!({"conditions": {"ref": "main", "typo": "x"}}),
        json!({"conditions": "main"}),
        json!({"conditions": {"ref": []}}),
    ] {
        assert_means(
            denying(faulty),
            denying(json!({"conditions": {"ref": "main"}})),
            Meaning::Widens,
            Meaning::Narrows,
        );
    }
    assert_means(
        denying(json!({"expires_at": "never"})),
        denying(json!({"expires_at": NOW})),
        Meaning::Widens,
        Meaning::Narrows,
    );
}

#[test]
fn is_neutral_about_what_does_nothing_on_a_deny_row() {
    for changes in [
        json!({"role_arn": "arn:aws:iam::111122223333:role/brevet/other"}),
        json!({"project_path": null}),
        json!({"allow_fork_pipelines": true, "max_token_age_seconds": 60, "duration_seconds": 3600}),
        json!({"conditions": {"ref_protected": ["true"], "ref_type": "branch", "ref": ["release/*", "main"], "pipeline_source": ["web", "push"]}}),
    ] {
        assert_means(denying(json!({})), denying(changes), Meaning::Neutral, Meaning::Neutral);
    }
}

#[test]
fn judges_routes_by_what_they_close() {
    let api = |routes: Value| denying(json!({"name": "api.reports", "routes": routes}));
    assert_means(api(json!(null)), api(json!(["GET /a"])), Meaning::Widens, Meaning::Narrows);
    assert_means(api(json!(["* /a"])), api(json!(["GET /a"])), Meaning::Widens, Meaning::Narrows);
    assert_means(api(json!(["GET /b"])), api(json!(["GET /a"])), Meaning::Widens, Meaning::Widens);
}
