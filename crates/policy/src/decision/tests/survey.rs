use serde_json::json;

use super::*;

fn names(principal: &Principal, rows: &[Row]) -> Vec<(String, bool)> {
    let surveyed = survey(principal, &readings(rows), NOW);
    surveyed
        .into_iter()
        .map(|surveyed| (surveyed.name.to_string(), matches!(surveyed.outcome, Outcome::Granted(_))))
        .collect()
}

#[test]
fn leaves_out_names_that_are_no_roles_and_rows_of_other_scopes() {
    let rows = [
        crate::test_support::api_row(json!({})),
        row(json!({"name": "*", "effect": "deny", "mode": "report"})),
        row(json!({"name": "elsewhere", "scope": "gitlab.example.com/project/1"})),
        row(json!({"name": "Not A Name"})),
    ];
    assert_eq!(names(&principal(), &rows), []);
}

#[test]
fn decides_about_each_name_once() {
    let rows = [
        row(json!({"name": "publish"})),
        row(json!({"name": "deploy"})),
        wider("", json!({"name": "deploy"})),
        row(json!({"name": "broken", "role_arn": "x"})),
        row(json!({"name": "closed", "effect": "deny"})),
        row(json!({"name": "later", "not_before": NOW + 1})),
    ];
    let expected = [("broken", false), ("closed", false), ("deploy", true), ("later", false), ("publish", true)];
    assert_eq!(names(&principal(), &rows), expected.map(|(name, granted)| (name.to_owned(), granted)));
}

#[test]
fn grants_nothing_under_a_star_that_denies() {
    let freeze = wider("", json!({"name": "*", "effect": "deny", "conditions": null}));
    assert_eq!(names(&principal(), &[row(json!({})), freeze]), [("deploy".to_owned(), false)]);
}

#[test]
fn agrees_with_asking_for_each_name() {
    let rows = readings(&[
        row(json!({})),
        row(json!({"name": "publish", "conditions": {"ref_protected": "true", "ref": "v*"}})),
    ]);
    for surveyed in survey(&principal(), &rows, NOW) {
        let asked = decide(&principal(), &rows, &surveyed.name, NOW);
        assert_eq!(asked.trace(), surveyed.outcome.trace());
    }
}
