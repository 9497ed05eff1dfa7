use serde_json::{Value, json};

use super::*;
use crate::test_support::{DAY, NOW, object, row};

const ROLE: &str = "arn:aws:iam::111122223333:role/brevet/payments-deploy";

fn who(rows: &[Row], target: &str) -> Vec<Reach> {
    who_can(rows, &Target::parse(target).unwrap(), NOW)
}

/// An issuer-wide deny row for every name.
fn deny(changes: Value) -> Row {
    let mut row = row(json!({"scope": "gitlab.example.com", "name": "*", "effect": "deny", "conditions": null}));
    row.extend(object(changes));
    row
}

#[test]
fn refuses_a_question_about_neither_a_role_nor_a_name() {
    for text in ["", "Deploy", "arn:aws:iam::111122223333:user/x", "*", "arn:aws:iam::1:role/x"] {
        assert_eq!(Target::parse(text), None, "{text}");
    }
}

#[test]
fn says_for_whom_a_row_is_in_plain_words() {
    let [reach] = who(&[row(json!({}))], ROLE).try_into().unwrap();
    let expected = json!({
        "scope": "gitlab.example.com/project/4711", "name": "deploy", "standing": "now", "role_arn": ROLE,
        "projects": "project 4711 of gitlab.example.com, as long as its path is `nordwind/platform/payments-api`",
        "refs": "protected branches `main` or `release/*`",
        "environments": "any environment, or none",
        "triggers": "with `pipeline_source` `push` or `web`",
        "people": "whoever may push or merge to the protected ref",
        "forks": "no code from forks",
    });
    assert_eq!(serde_json::to_value(reach).unwrap(), expected);
}

#[test]
fn says_how_open_an_open_row_is() {
    let open = json!({"scope": "gitlab.example.com", "project_path": null, "conditions": null, "allow_unprotected": true,
                      "allow_fork_pipelines": true, "max_token_age_seconds": 60});
    let [reach] = who(&[row(open)], "deploy").try_into().unwrap();
    let terms = reach.terms.unwrap();
    assert_eq!(terms.projects, "every project of gitlab.example.com");
    assert_eq!((terms.refs.as_str(), terms.people.as_str()), ("all branches and tags", "whoever can push a branch"));
    assert_eq!(
        (terms.triggers.as_str(), terms.forks.as_str()),
        ("however the pipeline was started", "code from forks too")
    );
    assert_eq!(terms.further, ["within 60 s after the job began"]);
}

#[test]
fn says_which_environments_and_people_and_what_else() {
    let conditions = json!({"environment_protected": "true", "environment": "production/*", "deployment_tier": "production",
                            "user_access_level": ["maintainer", "owner"], "runner_id": 88});
    let [reach] = who(&[row(json!({"conditions": conditions}))], ROLE).try_into().unwrap();
    let terms = reach.terms.unwrap();
    assert_eq!(terms.environments, "protected environments `production/*`, with `deployment_tier` `production`");
    assert_eq!(
        terms.people,
        "whoever may deploy to the protected environment, with `user_access_level` `maintainer` or `owner`"
    );
    assert_eq!(terms.further, ["with `runner_id` `88`"]);
}

#[test]
fn finds_every_row_that_leads_to_a_role_and_none_that_does_not() {
    let other = "arn:aws:iam::111122223333:role/brevet/other";
    let rows = [
        row(json!({})),
        row(json!({"name": "release"})),
        row(json!({"name": "other", "role_arn": other})),
        row(json!({"name": "denied", "effect": "deny"})),
        row(json!({"name": "api.reports", "role_arn": null, "duration_seconds": null, "routes": ["GET /x"]})),
    ];
    let names = |target| who(&rows, target).into_iter().map(|reach| reach.name).collect::<Vec<_>>();
    assert_eq!(names(ROLE), ["deploy", "release"]);
    assert_eq!(names(other), ["other"]);
    assert_eq!(names("api.reports"), ["api.reports"]);
    assert_eq!(who(&rows, "api.reports")[0].routes, ["GET /x"]);
    assert_eq!(names("denied"), [""; 0]);
}

#[test]
fn finds_the_one_project_whose_id_is_in_the_name_of_the_role() {
    let own = "arn:aws:iam::111122223333:role/brevet/p-{project_id}";
    let wide = row(json!({"scope": "gitlab.example.com/group/nordwind", "project_path": null, "role_arn": own}));
    let [reach] = who(std::slice::from_ref(&wide), "arn:aws:iam::111122223333:role/brevet/p-4711").try_into().unwrap();
    assert_eq!(reach.role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/brevet/p-4711"));
    assert!(reach.terms.unwrap().projects.ends_with("of those project 4711 alone, by the name of the role"));
    assert_eq!(who(std::slice::from_ref(&wide), own)[0].role_arn.as_deref(), Some(own));
    let of_one = row(json!({"role_arn": own}));
    assert_eq!(who(&[of_one], "arn:aws:iam::111122223333:role/brevet/p-4712"), []);
    let others = row(json!({"scope": "gitlab.example.com", "project_path": null, "role_arn": own,
                            "conditions": {"ref_protected": "true", "project_id": ["1", "2"]}}));
    assert_eq!(who(&[others], "arn:aws:iam::111122223333:role/brevet/p-4711"), []);
}

#[test]
fn lists_rows_that_lead_nowhere_now_last_and_says_why() {
    let rows = [
        row(json!({"name": "off", "enabled": false})),
        row(json!({"name": "old", "expires_at": NOW})),
        row(json!({"name": "new", "not_before": NOW + DAY})),
        row(json!({"name": "log", "mode": "report"})),
        row(json!({"name": "bad", "typo": 1})),
        row(json!({})),
    ];
    let reaches = who(&rows, ROLE);
    let told: Vec<(&str, &str)> = reaches
        .iter()
        .map(|reach| match &reach.standing {
            Standing::Now => (reach.name.as_str(), "now"),
            Standing::NotNow { why } | Standing::CannotTell { why } => (reach.name.as_str(), why.as_str()),
        })
        .collect();
    let expected = [
        ("deploy", "now"),
        ("off", "is switched off"),
        ("old", "has expired"),
        ("new", "is not in force yet"),
        ("log", "only logs"),
        ("bad", "cannot be read: `typo` is not an attribute of a role mapping"),
    ];
    assert_eq!(told, expected);
}

#[test]
fn names_the_deny_rows_that_take_something_away() {
    for (changes, whom) in [
        (
            json!({"conditions": {"user_login": "mlind"}}),
            "every project of gitlab.example.com, with `user_login` `mlind`",
        ),
        (
            json!({"scope": "gitlab.example.com/namespace/812"}),
            "every project directly in namespace 812 of gitlab.example.com",
        ),
        (
            json!({"name": "deploy", "conditions": {"ref": "main"}}),
            "every project of gitlab.example.com, with `ref` `main`",
        ),
    ] {
        let [reach] = who(&[row(json!({})), deny(changes)], ROLE).try_into().unwrap();
        assert_eq!(reach.standing, Standing::Now);
        assert_eq!(reach.cut_by.iter().map(|cut| (cut.all, cut.whom.as_str())).collect::<Vec<_>>(), [(false, whom)]);
    }
    for changes in [json!({}), json!({"effect": "Deny"}), json!({"scope": 7})] {
        let [reach] = who(&[row(json!({})), deny(changes)], ROLE).try_into().unwrap();
        assert_eq!(reach.standing, Standing::NotNow { why: "is closed by a deny row".to_owned() });
        assert!(reach.cut_by[0].all);
    }
}

#[test]
fn names_no_deny_row_that_cannot_apply() {
    for changes in [
        json!({"conditions": {"ref": "dev"}}),
        json!({"scope": "gitlab.example.com/group/other"}),
        json!({"scope": "gitlab.other.example"}),
        json!({"name": "other"}),
        json!({"mode": "report"}),
        json!({"enabled": false}),
        json!({"expires_at": NOW}),
        json!({"not_before": NOW + 1}),
    ] {
        let [reach] = who(&[row(json!({})), deny(changes.clone())], ROLE).try_into().unwrap();
        assert_eq!((reach.standing, reach.cut_by), (Standing::Now, vec![]), "{changes}");
    }
}

fn payments() -> Project {
    let id = brevet_identity::NumericId::parse;
    Project { id: id("4711"), namespace_id: id("812"), path: Some("nordwind/platform/payments-api".to_owned()) }
}

#[test]
fn lists_what_a_project_could_ask_for_most_specific_first() {
    let at = |scope: &str, changes: Value| {
        let mut row = row(json!({"scope": scope, "project_path": null}));
        row.extend(object(changes));
        row
    };
    let rows = [
        at("gitlab.example.com", json!({})),
        at("gitlab.example.com/group/nordwind", json!({})),
        at(
            "gitlab.example.com/group/nordwind/platform",
            json!({"role_arn": "arn:aws:iam::111122223333:role/brevet/{namespace_id}-{project_id}"}),
        ),
        at("gitlab.example.com/namespace/812", json!({})),
        row(json!({})),
        at("gitlab.example.com", json!({"name": "build"})),
        at("gitlab.example.com/project/1", json!({})),
        at("gitlab.example.com/group/nord", json!({})),
        at("gitlab.other.example", json!({})),
        at("gitlab.example.com", json!({"name": "others", "conditions": {"ref_protected": "true", "project_id": "1"}})),
        deny(json!({"conditions": {"ref": "x"}})),
    ];
    let reaches = roles_of(&payments(), "https://gitlab.example.com/", &rows, NOW);
    let told: Vec<String> = reaches.iter().map(|reach| format!("{} {}", reach.name, reach.scope)).collect();
    assert_eq!(
        told,
        [
            "build gitlab.example.com",
            "deploy gitlab.example.com/project/4711",
            "deploy gitlab.example.com/namespace/812",
            "deploy gitlab.example.com/group/nordwind/platform",
            "deploy gitlab.example.com/group/nordwind",
            "deploy gitlab.example.com",
        ]
    );
    assert_eq!(reaches[3].role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/brevet/812-4711"));
}

#[test]
fn lists_rows_that_were_made_for_another_path_of_the_project() {
    let [reach] = roles_of(&payments(), "gitlab.example.com", &[row(json!({"project_path": "old/path"}))], NOW)
        .try_into()
        .unwrap();
    assert_eq!(
        reach.standing,
        Standing::NotNow { why: "is for the path `old/path`, which the project does not have".to_owned() }
    );
}

#[test]
fn says_what_it_cannot_tell_of_a_project_it_knows_little_of() {
    let rows = [
        row(json!({"scope": "gitlab.example.com/namespace/812"})),
        row(json!({"scope": "gitlab.example.com/group/nordwind", "project_path": null})),
        row(
            json!({"scope": "gitlab.example.com/group/nordwind", "project_path": null, "name": "off", "enabled": false}),
        ),
        row(json!({"scope": "gitlab.example.com/project/4711", "name": "bad", "typo": 1})),
    ];
    let little = Project { id: brevet_identity::NumericId::parse("4711"), ..Project::default() };
    let standings: Vec<(String, Standing)> = roles_of(&little, "gitlab.example.com", &rows, NOW)
        .into_iter()
        .map(|reach| (reach.name, reach.standing))
        .collect();
    let cannot_tell = |what: &str| Standing::CannotTell { why: format!("the project's {what} is not known") };
    assert_eq!(standings.len(), 4);
    assert!(matches!(&standings[0], (name, Standing::NotNow { .. }) if name == "bad"));
    assert_eq!(standings[1].1, cannot_tell("namespace id"));
    assert_eq!(standings[2].1, cannot_tell("path"));
    assert_eq!(standings[3].1, Standing::NotNow { why: "is switched off".to_owned() });
}
