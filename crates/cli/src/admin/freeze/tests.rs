use brevet_policy::{Reading, Row, Scope, read};
use serde_json::{Value, json};

use super::effect::Effect;
use super::reason;
use super::row::{closes_all, freeze, next, says_the_same};
use super::whom::{issuer, scope};

const NOW: u64 = 1_790_000_000;
const HOST: &str = "gitlab.example.com";

fn of(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

fn row(value: Value) -> Row {
    value.as_object().unwrap().clone()
}

fn allow(scope: &str, changes: Value) -> Row {
    let mut row = row(json!({"scope": scope, "name": "deploy", "role_arn": "arn:aws:iam::111122223333:role/brevet/x",
        "conditions": {"ref_protected": "true"}}));
    row.extend(changes.as_object().unwrap().clone());
    row
}

#[test]
fn refuses_what_is_no_scope_no_issuer_and_no_reason() {
    for text in ["", "https://gitlab.example.com", "gitlab.example.com/project/x", "gitlab.example.com/group/*"] {
        assert!(scope(text).is_err(), "{text}");
    }
    assert!(issuer("gitlab.example.com/project/1").is_err() && reason(" \n").is_err());
    assert!(issuer(HOST).is_ok() && scope("gitlab.example.com/group/a/b").is_ok());
}

#[test]
fn writes_a_row_that_denies_all_and_can_be_read() {
    for end in [None, Some(NOW + 60)] {
        let row = freeze(&of(HOST), "leaked key", end, "arn:aws:iam::1:user/x");
        assert!(matches!(read(&row), Reading::Valid(_)) && closes_all(&row), "{row:?}");
        assert_eq!(next(&row, row.clone())["version"], 2);
    }
}

#[test]
fn writes_again_where_an_older_freeze_says_less() {
    let again = |stored: &Row, end| says_the_same(stored, &freeze(&of(HOST), "why", end, "me"), NOW);
    let stored = freeze(&of(HOST), "why", Some(NOW + 3_600), "other");
    assert!(again(&stored, Some(NOW + 3_630)));
    assert!(!again(&stored, None) && !again(&stored, Some(NOW + 7_200)));
    for (attribute, value) in [
        ("description", json!("another")),
        ("enabled", json!(false)),
        ("mode", json!("report")),
        ("conditions", json!({"ref": "main"})),
        ("expires_at", json!(NOW)),
    ] {
        let mut weaker = stored.clone();
        weaker.insert(attribute.to_owned(), value);
        assert!(!again(&weaker, Some(NOW + 3_600)), "{attribute}");
    }
}

#[test]
fn counts_what_it_closes_wholly_and_for_some() {
    let api = json!({"name": "api.reports", "role_arn": null, "routes": ["GET /x"]});
    let mut api = allow("gitlab.example.com/group/a/b", api);
    api.remove("role_arn");
    let rows = [
        allow(HOST, json!({})),
        allow("gitlab.example.com/group/a", json!({})),
        api,
        allow("gitlab.example.com/group/ab", json!({})),
        allow("gitlab.example.com/project/1", json!({"project_path": "a/x"})),
        allow("gitlab.example.com/project/2", json!({"project_path": "ab/x"})),
        allow("gitlab.example.com/project/3", json!({})),
        allow("gitlab.example.com/group/a", json!({"name": "off", "enabled": false})),
        allow("gitlab.example.com/group/a", json!({"name": "old", "expires_at": NOW})),
        allow("gitlab.example.org/group/a", json!({})),
        freeze(&of("gitlab.example.com/group/a"), "own", None, "me"),
        freeze(&of(HOST), "wider", None, "me"),
    ];
    let effect = Effect::of(&of("gitlab.example.com/group/a"), &rows, NOW);
    assert_eq!((effect.whole, effect.partly, effect.of_apis), (3, 2, 1));
    assert_eq!(effect.closed_anyway, ["`gitlab.example.com`"]);
    assert_eq!(Effect::of(&of("gitlab.example.com/project/3"), &rows, NOW).whole, 1);
}
