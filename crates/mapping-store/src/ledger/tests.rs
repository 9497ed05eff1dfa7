use serde_json::{Value, json};

use super::*;
use crate::test_support::{Answer, Asked, EXPIRES_AT, client, job};

const ISSUER: &str = "https://gitlab.example.com";

fn ledger(answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> (UseLedger, Asked) {
    let (client, asked) = client(answering);
    (UseLedger::new(client, "uses"), asked)
}

fn counted(uses: &str) -> Answer {
    Answer::Ok(json!({"Attributes": {"uses": {"N": uses}}}))
}

#[tokio::test]
async fn refuses_a_token_that_is_used_up() {
    let (ledger, _) = ledger(|_, _| Answer::Error(400, "ConditionalCheckFailedException"));
    assert_eq!(ledger.spend(&job(ISSUER, "a"), 1).await, Err(LedgerError::TokenUsedUp));
}

#[tokio::test]
async fn cannot_tell_when_the_table_does_not_answer() {
    let cases: [(fn() -> Answer, StoreUnavailable); 6] = [
        (|| Answer::TimedOut, StoreUnavailable::TimedOut),
        (|| Answer::Error(400, "ProvisionedThroughputExceededException"), StoreUnavailable::Throttled),
        (|| Answer::Error(400, "ResourceNotFoundException"), StoreUnavailable::TableMissing),
        (|| Answer::Error(400, "AccessDeniedException"), StoreUnavailable::AccessDenied),
        (|| Answer::Error(500, "InternalServerError"), StoreUnavailable::Other),
        (|| Answer::Broken, StoreUnavailable::Other),
    ];
    for (answer, expected) in cases {
        let (ledger, _) = ledger(move |_, _| answer());
        assert_eq!(ledger.spend(&job(ISSUER, "a"), 1).await, Err(LedgerError::Unavailable(expected)));
        assert_eq!(ledger.refund(&job(ISSUER, "a")).await, Err(expected));
    }
    for odd in [json!({}), json!({"Attributes": {"uses": {"S": "1"}}}), json!({"Attributes": {"uses": {"N": "-1"}}})] {
        let (ledger, _) = ledger(move |_, _| Answer::Ok(odd.clone()));
        assert_eq!(ledger.spend(&job(ISSUER, "a"), 1).await, Err(LedgerError::Unavailable(StoreUnavailable::Other)));
    }
}

#[tokio::test]
async fn counts_a_use_in_one_conditional_write() {
    let (ledger, asked) = ledger(|_, _| counted("2"));
    assert_eq!(ledger.spend(&job(ISSUER, "a"), 3).await, Ok(Spent { uses: 2 }));
    assert_eq!(asked.count(), 1);
    let body = asked.body(0);
    assert_eq!(body["ConditionExpression"], "attribute_not_exists(#uses) OR #uses < :max");
    assert_eq!(body["UpdateExpression"], "SET expires_at = :forget_at ADD #uses :one");
    let values = json!({":one": {"N": "1"}, ":max": {"N": "3"}, ":forget_at": {"N": (EXPIRES_AT + 120).to_string()}});
    assert_eq!(body["ExpressionAttributeValues"], values);
}

#[tokio::test]
async fn keeps_tokens_apart_by_issuer_and_id_and_keeps_neither_in_the_table() {
    let (ledger, asked) = ledger(|_, _| counted("1"));
    for (issuer, jti) in [(ISSUER, "a"), (ISSUER, "b"), ("https://gitlab.example.org", "a"), (ISSUER, "a")] {
        ledger.spend(&job(issuer, jti), 9).await.unwrap();
    }
    let keys: Vec<String> =
        (0..4).map(|call| asked.body(call)["Key"]["token"]["S"].as_str().unwrap().to_owned()).collect();
    assert_eq!(keys[0], keys[3]);
    assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
    assert!(keys.iter().all(|key| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())));
}

#[tokio::test]
async fn gives_a_use_back_but_never_more_than_were_counted() {
    let (ledger, asked) = ledger(|before, _| match before {
        0 => Answer::Ok(json!({})),
        _ => Answer::Error(400, "ConditionalCheckFailedException"),
    });
    assert_eq!(ledger.refund(&job(ISSUER, "a")).await, Ok(()));
    assert_eq!(ledger.refund(&job(ISSUER, "a")).await, Ok(()));
    let body = asked.body(0);
    assert_eq!(
        (&body["UpdateExpression"], &body["ConditionExpression"]),
        (&json!("ADD #uses :less_one"), &json!("#uses > :none"))
    );
}
