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
        crate::test_support::api_row(json!({"routes": ["no route"]})),
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

#[test]
fn decides_about_thousands_of_names_as_about_one() {
    let mut rows: Vec<Row> = (0..4_999)
        .map(|number| {
            let reference = if number % 5 == 0 { "v*" } else { "main" };
            let conditions = json!({"ref_protected": "true", "ref": reference});
            row(json!({"name": format!("deploy-{number:04}"), "conditions": conditions}))
        })
        .collect();
    rows.insert(2_500, wider("", json!({"name": "*", "effect": "deny", "conditions": {"ref": "feature/*"}})));
    let readings = readings(&rows);
    let surveyed = survey(&principal(), &readings, NOW);
    assert_eq!(surveyed.len(), 4_999);
    for (number, one) in surveyed.iter().enumerate() {
        assert_eq!(one.name.as_str(), format!("deploy-{number:04}"));
        assert_eq!(matches!(one.outcome, Outcome::Granted(_)), number % 5 != 0, "{}", one.name);
        assert_eq!(one.outcome.trace().len(), 2, "its own row and the `*`");
    }
}

#[test]
fn tells_of_the_rows_of_one_scope_in_the_same_order_whatever_theirs() {
    let star = || row(json!({"name": "*", "effect": "deny", "mode": "report"}));
    for rows in [[row(json!({})), star()], [star(), row(json!({}))]] {
        let rows = readings(&rows);
        let asked = decide(&principal(), &rows, &MappingName::parse("deploy").unwrap(), NOW);
        let names: Vec<&str> = asked.trace().iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["*", "deploy"]);
        assert_eq!(survey(&principal(), &rows, NOW)[0].outcome.trace(), asked.trace());
    }
}
