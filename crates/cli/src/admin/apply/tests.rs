//! Writing through the SDK's real client, to a table made up by the test.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use brevet_mapping_store::{StoreUnavailable, StoredRow};
use brevet_policy::Row;
use serde_json::Value;

use super::write::Key;
use super::*;
use crate::admin::plan::Stage;
use crate::admin::table::Label;

/// What the table answers to the next request.
#[derive(Clone, Copy)]
enum Answer {
    Done,
    Error(&'static str),
    Broken,
}

#[derive(Debug)]
struct Table {
    answers: fn(usize) -> Answer,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Answer")
    }
}

impl HttpConnector for Table {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap_or_default().to_owned();
        let mut body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        body["operation"] = operation.rsplit('.').next().into();
        let mut asked = self.asked.lock().unwrap();
        asked.push(body);
        let response = |status: u16, body: String| HttpResponse::new(status.try_into().unwrap(), body.into());
        HttpConnectorFuture::ready(match (self.answers)(asked.len() - 1) {
            Answer::Done => Ok(response(200, "{}".to_owned())),
            Answer::Error(name) => Ok(response(400, json!({"__type": name}).to_string())),
            Answer::Broken => Err(ConnectorError::io("broken".into())),
        })
    }
}

fn editor(answers: fn(usize) -> Answer) -> (TableEditor, Arc<Mutex<Vec<Value>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let table = SharedHttpConnector::new(Table { answers, asked: Arc::clone(&asked) });
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "not-a-secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(http_client_fn(move |_, _| table.clone()))
        .build();
    (TableEditor::new(aws_sdk_dynamodb::Client::from_conf(config), "mappings"), asked)
}

fn row(name: &str) -> Row {
    json!({"scope": "gitlab.example.com", "name": name, "version": 1}).as_object().unwrap().clone()
}

fn key(name: &str) -> Key {
    Key { scope: "gitlab.example.com".to_owned(), name: name.to_owned() }
}

/// Creates one row, replaces a second, deletes a third.
fn three() -> Vec<Write> {
    let write = |stage, name: &str, old: bool, new: bool| Write {
        stage,
        key: key(name),
        old: old.then(|| StoredRow::of(&row(name))),
        new: new.then(|| row(name)),
    };
    vec![
        write(Stage::Close, "one", false, true),
        write(Stage::Narrow, "two", true, true),
        write(Stage::Remove, "three", true, false),
    ]
}

fn concluded(outcome: Outcome) -> (&'static str, u8, String) {
    let trouble = outcome.conclude(&Label::example(), true).unwrap_err();
    (trouble.code(), trouble.exit_code(), format!("{trouble:?}"))
}

#[tokio::test]
async fn stops_where_somebody_else_has_changed_a_row_and_tells_how_far_it_came() {
    let (editor, asked) = editor(|before| match before {
        1 => Answer::Error("ConditionalCheckFailedException"),
        _ => Answer::Done,
    });
    let outcome = execute(&editor, three()).await;
    assert_eq!((&outcome.applied[..], &outcome.pending[..]), (&[key("one")][..], &[key("two"), key("three")][..]));
    let operations: Vec<Value> = asked.lock().unwrap().iter().map(|asked| asked["operation"].clone()).collect();
    assert_eq!(operations, ["PutItem", "PutItem", "GetItem"], "nothing is written after the conflict");
    let (code, exit_code, told) = concluded(outcome);
    assert_eq!((code, exit_code), ("row_changed", 3));
    assert!(told.contains("1 of 3 writes are done"), "{told}");
}

#[tokio::test]
async fn tells_how_far_it_came_when_the_table_is_lost_in_the_middle() {
    for (answers, code) in [
        (
            (|before| if before == 0 { Answer::Done } else { Answer::Broken }) as fn(usize) -> Answer,
            "table_unreachable",
        ),
        (|before| if before == 0 { Answer::Done } else { Answer::Error("AccessDeniedException") }, "table_denied"),
        (|before| if before == 0 { Answer::Done } else { Answer::Error("ResourceNotFoundException") }, "table_missing"),
    ] {
        let outcome = execute(&editor(answers).0, three()).await;
        assert_eq!((outcome.applied.len(), outcome.pending.len()), (1, 2));
        let concluded = concluded(outcome);
        assert_eq!((concluded.0, concluded.1), (code, 3));
        assert!(concluded.2.contains("1 of 3 writes are done"), "{}", concluded.2);
    }
}

#[tokio::test]
async fn waits_while_the_table_is_throttled() {
    let (editor, _) = editor(|before| match before {
        1 => Answer::Error("ProvisionedThroughputExceededException"),
        _ => Answer::Done,
    });
    let outcome = execute(&editor, three()).await;
    assert_eq!((outcome.applied.len(), outcome.pending.len()), (3, 0));
    let waited_in_vain = Trouble::of_table(StoreUnavailable::Throttled, &Label::example());
    assert_eq!((waited_in_vain.code(), waited_in_vain.exit_code()), ("table_throttled", 3));
}
