use super::*;

fn conditions(conditions: Value) -> Value {
    let mut all = json!({"ref_protected": "true"});
    if let (Some(all), Value::Object(conditions)) = (all.as_object_mut(), conditions) {
        all.extend(conditions);
    }
    json!({"conditions": all})
}

#[test]
fn widens_when_a_condition_lets_more_in() {
    for (narrow, wide) in [
        (json!({"ref": "main"}), json!({})),
        (json!({"ref": "main"}), json!({"ref": ["main", "dev"]})),
        (json!({"ref": "main"}), json!({"ref": "ma*"})),
        (json!({"ref": "release/*"}), json!({"ref": "release/**"})),
        (json!({"ref": ["a/*", "b"]}), json!({"ref": ["b", "a/**"]})),
        (json!({"environment": "**"}), json!({})),
    ] {
        assert_means(conditions(narrow), conditions(wide), Meaning::Widens, Meaning::Narrows);
    }
}

#[test]
fn widens_when_a_condition_lets_others_in() {
    for (one, other) in [(json!({"ref": "main"}), json!({"ref": "dev"})), (json!({"ref": "a*"}), json!({"ref": "*a"}))]
    {
        assert_means(conditions(one), conditions(other), Meaning::Widens, Meaning::Widens);
    }
}

#[test]
fn says_so_when_it_cannot_tell() {
    let change = updated(conditions(json!({"ref": "*a".repeat(300)})), conditions(json!({"ref": "*a".repeat(301)})));
    assert_eq!(change.meaning, Meaning::Widens);
    assert!(
        change.sentence.starts_with("widens: changes who may, cannot tell whether it widens: "),
        "{}",
        change.sentence
    );
}

#[test]
fn says_a_condition_that_goes_in_the_words_of_a_person() {
    let change = updated(conditions(json!({"ref": "main"})), conditions(json!({})));
    assert_eq!(change.sentence, "widens: `ref` was `main`, becomes any");
    assert_eq!(change.attributes[0].attribute, "conditions.ref");
    assert_eq!((change.attributes[0].old.clone(), change.attributes[0].new.clone()), (Some(json!("main")), None));
}

#[test]
fn judges_each_attribute_by_what_it_lets_in() {
    let (policy, other) = (statement("s3:GetObject"), statement("s3:PutObject"));
    let managed = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    for (narrow, wide) in [
        (json!({}), json!({"project_path": null})),
        (json!({}), json!({"allow_fork_pipelines": true})),
        (json!({}), json!({"allow_unprotected": true})),
        (json!({"max_token_age_seconds": 60}), json!({"max_token_age_seconds": 61})),
        (json!({"max_token_age_seconds": 60}), json!({})),
        (json!({"max_uses_per_token": 1}), json!({})),
        (json!({"expires_at": NOW}), json!({"expires_at": NOW + 1})),
        (json!({"expires_at": NOW}), json!({})),
        (json!({"not_before": NOW}), json!({"not_before": NOW - 1})),
        (json!({"not_before": NOW}), json!({})),
        (json!({}), json!({"duration_seconds": 3600})),
        (json!({}), json!({"max_duration_seconds": 3600})),
        (json!({"session_policy": policy}), json!({})),
        (json!({"policy_arns": [managed]}), json!({})),
    ] {
        assert_means(narrow, wide, Meaning::Widens, Meaning::Narrows);
    }
    for (one, other) in [
        (json!({"session_policy": policy}), json!({"session_policy": other})),
        // One more policy may allow more, and one less may have been the one that denies.
        (json!({"session_policy": policy}), json!({"session_policy": policy, "policy_arns": [managed]})),
        (json!({}), json!({"project_path": "nordwind/platform/other"})),
    ] {
        assert_means(one, other, Meaning::Widens, Meaning::Widens);
    }
}

fn statement(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
}

#[test]
fn moves_when_the_same_jobs_get_something_else() {
    for changes in [
        json!({"role_arn": "arn:aws:iam::111122223333:role/brevet/other"}),
        json!({"via": "web_identity"}),
        json!({"session_tags": ["ref"]}),
        json!({"transitive_tag_keys": ["gitlab_project_id"]}),
        json!({"external_id": "some-id"}),
        json!({"source_identity": "job"}),
    ] {
        assert_means(json!({}), changes, Meaning::Moves, Meaning::Moves);
    }
}

#[test]
fn is_neutral_about_labels_and_spelling() {
    for changes in [
        json!({"owner": "other"}),
        json!({"description": "x"}),
        json!({"review_by": "2027-01-01"}),
        json!({"version": 8}),
        json!({"managed_by": "git", "change_ref": "!12", "updated_by": "mlind"}),
        json!({"effect": "allow", "mode": "enforce", "enabled": true}),
        json!({"duration_seconds": "1800", "max_duration_seconds": 1800}),
        json!({"conditions": {"ref_protected": ["true"], "ref_type": "branch", "ref": ["release/*", "main"], "pipeline_source": ["push", "web"]}}),
    ] {
        assert_means(json!({}), changes, Meaning::Neutral, Meaning::Neutral);
    }
}

#[test]
fn judges_routes_by_what_they_open() {
    let api =
        |routes: Value| json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": routes});
    for (narrow, wide) in [
        (json!(["GET /a"]), json!(["GET /a", "GET /b"])),
        (json!(["GET /a/*"]), json!(["GET /a/**"])),
        (json!(["GET /a"]), json!(["* /a"])),
    ] {
        assert_means(api(narrow), api(wide), Meaning::Widens, Meaning::Narrows);
    }
    assert_means(
        api(json!(["GET /a", "GET /b"])),
        api(json!(["GET /b", "GET /a"])),
        Meaning::Neutral,
        Meaning::Neutral,
    );
    let keyed = |key: &str| {
        let mut row = api(json!(["GET /a"]));
        row["usage_plan_key"] = json!(key);
        row
    };
    assert_means(keyed("a".repeat(20).as_str()), keyed("b".repeat(20).as_str()), Meaning::Moves, Meaning::Moves);
}
