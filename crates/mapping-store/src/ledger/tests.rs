use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::test_support::{Answer, Asked, EXPIRES_AT, client, client_that_asks_again, job};

const ISSUER: &str = "https://gitlab.example.com";
const CONDITION: &str = "attribute_not_exists(attempts) OR size(attempts) < :max OR contains(attempts, :this)";

fn ledger(answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> (UseLedger, Asked) {
    let (client, asked) = client(answering);
    (UseLedger::new(client, "uses"), asked)
}

fn attempt() -> Attempt {
    Attempt::new().unwrap()
}

/// The ledger's table: it does what DynamoDB documents for the two writes of the ledger, and fails the test for another.
#[derive(Default)]
struct Table(Mutex<HashMap<String, BTreeSet<String>>>);

impl Table {
    fn write(&self, request: &Value) -> Answer {
        let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let mut items = self.0.lock().unwrap();
        let found = items.get(&text("/Key/token/S"));
        let this = text("/ExpressionAttributeValues/:this/S");
        assert_eq!(request["ExpressionAttributeValues"][":attempt"], json!({"SS": [this]}));
        let known = found.is_some_and(|attempts| attempts.contains(&this));
        match (text("/UpdateExpression").as_str(), text("/ConditionExpression").as_str()) {
            ("SET expires_at = :forget_at ADD attempts :attempt", CONDITION) => {
                let max: usize = text("/ExpressionAttributeValues/:max/N").parse().unwrap();
                if !known && found.is_some_and(|attempts| attempts.len() >= max) {
                    return Answer::Error(400, "ConditionalCheckFailedException");
                }
                items.entry(text("/Key/token/S")).or_default().insert(this);
            }
            ("DELETE attempts :attempt", "contains(attempts, :this)") => {
                if !known {
                    return Answer::Error(400, "ConditionalCheckFailedException");
                }
                let left = items.get_mut(&text("/Key/token/S")).unwrap();
                left.remove(&this);
                // DynamoDB has no empty sets: the attribute goes with its last member.
                items.retain(|_, attempts| !attempts.is_empty());
            }
            other => panic!("not a write of the ledger: {other:?}"),
        }
        Answer::Ok(json!({}))
    }
}

fn ledger_that_counts() -> UseLedger {
    let table = Table::default();
    ledger(move |_, request| table.write(request)).0
}

#[tokio::test]
async fn refuses_another_attempt_when_the_token_is_used_up() {
    let (ledger, job) = (ledger_that_counts(), job(ISSUER, "a"));
    for _ in 0..2 {
        assert_eq!(ledger.spend(&job, 2, &attempt()).await, Ok(()));
    }
    assert_eq!(ledger.spend(&job, 2, &attempt()).await, Err(LedgerError::TokenUsedUp));
    assert_eq!(ledger.spend(&job, 1, &attempt()).await, Err(LedgerError::TokenUsedUp), "the limit was lowered since");
}

#[tokio::test]
async fn counts_an_attempt_once_however_often_it_is_spent() {
    let (ledger, job, first) = (ledger_that_counts(), job(ISSUER, "a"), attempt());
    for _ in 0..3 {
        assert_eq!(ledger.spend(&job, 2, &first).await, Ok(()));
    }
    assert_eq!(ledger.spend(&job, 2, &attempt()).await, Ok(()), "one use was left");
    assert_eq!(ledger.spend(&job, 2, &first).await, Ok(()), "it is counted already");
    assert_eq!(ledger.spend(&job, 2, &attempt()).await, Err(LedgerError::TokenUsedUp));
}

#[tokio::test]
async fn counts_one_use_when_the_answer_is_lost_and_the_sdk_asks_again() {
    let table = Table::default();
    let (client, asked) = client_that_asks_again(move |before, request| match (before, table.write(request)) {
        (0, Answer::Ok(_)) => Answer::Broken,
        (_, answer) => answer,
    });
    let (ledger, job) = (UseLedger::new(client, "uses"), job(ISSUER, "a"));
    assert_eq!(ledger.spend(&job, 1, &attempt()).await, Ok(()));
    assert_eq!(asked.count(), 2);
    assert_eq!(ledger.spend(&job, 1, &attempt()).await, Err(LedgerError::TokenUsedUp));
}

#[tokio::test]
async fn gives_a_use_back_once_however_often_it_is_asked_to() {
    let (ledger, job, first, second) = (ledger_that_counts(), job(ISSUER, "a"), attempt(), attempt());
    for spent in [&first, &second] {
        assert_eq!(ledger.spend(&job, 2, spent).await, Ok(()));
    }
    for _ in 0..2 {
        assert_eq!(ledger.refund(&job, &first).await, Ok(()));
    }
    assert_eq!(ledger.spend(&job, 2, &attempt()).await, Ok(()));
    assert_eq!(ledger.spend(&job, 2, &attempt()).await, Err(LedgerError::TokenUsedUp), "one was given back, not two");
}

#[tokio::test]
async fn gives_nothing_back_for_an_attempt_that_was_never_counted() {
    let (ledger, job) = (ledger_that_counts(), job(ISSUER, "a"));
    assert_eq!(ledger.refund(&job, &attempt()).await, Ok(()), "nothing is counted at all");
    assert_eq!(ledger.spend(&job, 1, &attempt()).await, Ok(()));
    assert_eq!(ledger.refund(&job, &attempt()).await, Ok(()));
    assert_eq!(ledger.spend(&job, 1, &attempt()).await, Err(LedgerError::TokenUsedUp));
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
        assert_eq!(ledger.spend(&job(ISSUER, "a"), 1, &attempt()).await, Err(LedgerError::Unavailable(expected)));
        assert_eq!(ledger.refund(&job(ISSUER, "a"), &attempt()).await, Err(expected));
    }
}

#[tokio::test]
async fn forgets_a_use_soon_after_its_token_has_expired() {
    let (ledger, asked) = ledger(|_, _| Answer::Ok(json!({})));
    ledger.spend(&job(ISSUER, "a"), 3, &attempt()).await.unwrap();
    let forget_at = json!({"N": (EXPIRES_AT + 120).to_string()});
    assert_eq!(asked.body(0)["ExpressionAttributeValues"][":forget_at"], forget_at);
}

#[tokio::test]
async fn keeps_tokens_apart_by_issuer_and_id_and_keeps_neither_in_the_table() {
    let (ledger, asked) = ledger(|_, _| Answer::Ok(json!({})));
    for (issuer, jti) in [(ISSUER, "a"), (ISSUER, "b"), ("https://gitlab.example.org", "a"), (ISSUER, "a")] {
        ledger.spend(&job(issuer, jti), 9, &attempt()).await.unwrap();
    }
    let keys: Vec<String> =
        (0..4).map(|call| asked.body(call)["Key"]["token"]["S"].as_str().unwrap().to_owned()).collect();
    assert_eq!(keys[0], keys[3]);
    assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
    assert!(keys.iter().all(|key| key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit())));
}
