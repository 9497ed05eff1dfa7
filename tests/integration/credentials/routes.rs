//! `GET /mappings` and `GET /whoami`, which stand behind the authorizer.

use serde_json::{Value, json};

use super::{deploy, world};

#[tokio::test]
async fn neither_answers_where_no_authorizer_is_attached() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    for event in ["rest-whoami", "rest-mappings", "http-v2-whoami", "http-v2-mappings"] {
        let answer = world.ask(event, |event| event["requestContext"]["authorizer"] = Value::Null).await;
        assert_eq!((answer.code(), answer.status), ("misconfigured", 500), "{event}");
        assert!(!answer.text.contains("nordwind"), "{event}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_header_of_the_client_is_no_identity() {
    let mut world = world().await;
    let answer = world.ask("rest-whoami-without-authorizer", |event| {
        event["headers"]["X-Brevet-Project-Id"] = json!("4711");
        event["headers"]["jti"] = json!("7f0a4f34");
    });
    assert_eq!(answer.await.status, 500);
}

#[tokio::test]
async fn whoami_is_what_the_authorizer_said() {
    let mut world = world().await;
    for event in ["rest-whoami", "http-v2-whoami"] {
        let answer = world.ask(event, |_| {}).await;
        assert_eq!(answer.status, 200, "{event}");
        for (claim, value) in [("project_id", "4711"), ("ref", "main"), ("issuer", "https://gitlab.example.com")] {
            assert_eq!(answer.body[claim], value, "{event}: {claim}");
        }
        assert_eq!(world.aws.calls(), [], "{event}");
    }
}

#[tokio::test]
async fn mappings_tells_which_names_are_open_and_why_others_are_not() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let secret_branch = json!({"ref": "release/only-admins-know", "ref_protected": "true"});
    world.put_row(deploy(), json!({"name": "release", "conditions": secret_branch}));
    world.put_row(deploy(), json!({"name": "other", "scope": format!("{}/project/4712", world.host())}));
    for event in ["rest-mappings", "http-v2-mappings"] {
        let answer = world.ask(event, |_| {}).await;
        assert_eq!(answer.body["names"], json!(["deploy"]), "{event}: {}", answer.text);
        let mappings = answer.body["mappings"].as_array().expect("a list of mappings");
        let release = mappings.iter().find(|mapping| mapping["name"] == "release").expect("the row is in its scope");
        assert_eq!((&release["granted"], &release["code"]), (&json!(false), &json!("conditions_not_met")));
        assert!(!answer.text.contains("only-admins-know"), "{}", answer.text);
        assert!(!answer.text.contains("4712"), "another project's rows are none of this job's business");
    }
    assert_eq!(world.aws.count("AssumeRole"), 0);
}
