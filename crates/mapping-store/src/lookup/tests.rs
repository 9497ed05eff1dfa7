use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::test_support::{Answer, Asked, client, deploy, item, scopes};

const NOW: u64 = 1_790_000_000;
const PROJECT: &str = "gitlab.example.com/project/4711";
const ISSUER: &str = "gitlab.example.com";

fn store(answering: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> (MappingStore, Asked) {
    let (client, asked) = client(answering);
    (MappingStore::new(client, "mappings", 0), asked)
}

fn responses(items: Vec<Value>) -> Answer {
    Answer::Ok(json!({"Responses": {"mappings": items}, "UnprocessedKeys": {}}))
}

fn page(items: Vec<Value>, next: Option<Value>) -> Answer {
    let mut page = json!({"Items": items, "Count": items.len()});
    if let Some(next) = next {
        page["LastEvaluatedKey"] = next;
    }
    Answer::Ok(page)
}

fn names(readings: &[Reading]) -> Vec<String> {
    let name = |reading: &Reading| match reading {
        Reading::Valid(mapping) => format!("{} {}", mapping.scope, mapping.name),
        Reading::Invalid(invalid) => format!("invalid {}", invalid.name.clone().unwrap_or_default()),
    };
    readings.iter().map(name).collect()
}

#[tokio::test]
async fn cannot_tell_when_the_table_does_not_answer() {
    let cases: [(fn() -> Answer, StoreUnavailable); 11] = [
        (|| Answer::TimedOut, StoreUnavailable::TimedOut),
        (|| Answer::Broken, StoreUnavailable::Other),
        (|| Answer::Error(400, "ProvisionedThroughputExceededException"), StoreUnavailable::Throttled),
        (|| Answer::Error(400, "ThrottlingException"), StoreUnavailable::Throttled),
        (|| Answer::Error(400, "RequestLimitExceeded"), StoreUnavailable::Throttled),
        (|| Answer::Error(400, "ResourceNotFoundException"), StoreUnavailable::TableMissing),
        (|| Answer::Error(400, "ValidationException"), StoreUnavailable::TableUnfit),
        (|| Answer::Error(400, "AccessDeniedException"), StoreUnavailable::AccessDenied),
        (|| Answer::Error(400, "ExpiredTokenException"), StoreUnavailable::AccessDenied),
        (|| Answer::Error(500, "InternalServerError"), StoreUnavailable::Other),
        (|| Answer::Ok(json!({})), StoreUnavailable::Other),
    ];
    for (answer, expected) in cases {
        let (store, _) = store(move |_, _| answer());
        assert_eq!(store.rows_named(&scopes(&[PROJECT]), &deploy(), NOW).await, Err(expected));
        assert_eq!(store.rows_in(&scopes(&[PROJECT, ISSUER])).await, Err(expected));
        assert!(!format!("{expected} {expected:?}").contains("secret"));
    }
}

#[tokio::test]
async fn forgets_what_it_has_when_a_later_page_or_batch_fails() {
    let key = json!({"scope": {"S": PROJECT}, "name": {"S": "a"}});
    let (paged, asked) = store(move |before, _| match before {
        0 => page(vec![item(PROJECT, "a")], Some(key.clone())),
        _ => Answer::Error(400, "ThrottlingException"),
    });
    assert_eq!(paged.rows_in(&scopes(&[PROJECT])).await, Err(StoreUnavailable::Throttled));
    assert_eq!(asked.count(), 2);
    let (batched, _) = store(|before, asked| match before {
        0 => Answer::Ok(json!({"Responses": {"mappings": []}, "UnprocessedKeys": asked["RequestItems"]})),
        _ => Answer::TimedOut,
    });
    assert_eq!(batched.rows_named(&scopes(&[PROJECT]), &deploy(), NOW).await, Err(StoreUnavailable::TimedOut));
}

#[tokio::test]
async fn never_answers_from_a_part_while_keys_stay_unprocessed() {
    let (store, asked) =
        store(|_, asked| Answer::Ok(json!({"Responses": {}, "UnprocessedKeys": asked["RequestItems"]})));
    let scopes = scopes(&[PROJECT]);
    let patience = tokio::time::timeout(Duration::from_millis(150), store.rows_named(&scopes, &deploy(), NOW)).await;
    assert!(patience.is_err(), "only the caller's deadline ends it");
    assert!((2..=6).contains(&asked.count()), "{} requests", asked.count());
}

#[tokio::test]
async fn ends_with_the_deadline_of_the_caller() {
    let (store, _) = store(|_, _| Answer::Never);
    let scopes = scopes(&[PROJECT]);
    assert!(tokio::time::timeout(Duration::from_millis(20), store.rows_named(&scopes, &deploy(), NOW)).await.is_err());
    assert!(tokio::time::timeout(Duration::from_millis(20), store.rows_in(&scopes)).await.is_err());
}

#[tokio::test]
async fn asks_once_and_consistently_for_a_name_and_the_star_in_every_scope() {
    let (store, asked) = store(|_, _| responses(vec![item(PROJECT, "deploy")]));
    let readings = store.rows_named(&scopes(&[PROJECT, ISSUER]), &deploy(), NOW).await.unwrap();
    assert_eq!(names(&readings), [format!("{PROJECT} deploy")]);
    assert_eq!(asked.count(), 1);
    let key = |scope: &str, name: &str| json!({"scope": {"S": scope}, "name": {"S": name}});
    let keys = [key(PROJECT, "deploy"), key(PROJECT, "*"), key(ISSUER, "deploy"), key(ISSUER, "*")];
    let expected = json!({"RequestItems": {"mappings": {"Keys": keys, "ConsistentRead": true}}});
    assert_eq!(asked.all(), [("BatchGetItem".to_owned(), expected)]);
}

#[tokio::test]
async fn asks_again_for_unprocessed_keys_alone() {
    let (store, asked) = store(|before, _| match before {
        0 => {
            let left = json!({"arn:aws:dynamodb:eu-west-1:111122223333:table/mappings": {"Keys": [{"scope": {"S": ISSUER}, "name": {"S": "*"}}], "ConsistentRead": true}});
            Answer::Ok(json!({"Responses": {"mappings": [item(PROJECT, "deploy")]}, "UnprocessedKeys": left}))
        }
        _ => responses(vec![item(ISSUER, "deploy")]),
    });
    let readings = store.rows_named(&scopes(&[PROJECT, ISSUER]), &deploy(), NOW).await.unwrap();
    assert_eq!(names(&readings), [format!("{PROJECT} deploy"), format!("{ISSUER} deploy")]);
    let again = &asked.body(1)["RequestItems"]["mappings"];
    assert_eq!(again, &json!({"Keys": [{"scope": {"S": ISSUER}, "name": {"S": "*"}}], "ConsistentRead": true}));
}

#[tokio::test]
async fn asks_for_no_more_keys_at_once_than_a_batch_takes() {
    let texts: Vec<String> = (0..60).map(|id| format!("gitlab.example.com/project/{id}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (store, asked) = store(|_, _| responses(vec![]));
    assert_eq!(store.rows_named(&scopes(&texts), &deploy(), NOW).await, Ok(vec![]));
    let sizes: Vec<usize> = (0..asked.count())
        .map(|call| asked.body(call)["RequestItems"]["mappings"]["Keys"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [100, 20]);
}

#[tokio::test]
async fn queries_every_scope_consistently_through_all_its_pages() {
    let (store, asked) = store(|_, asked| {
        let scope = asked["ExpressionAttributeValues"][":scope"]["S"].as_str().unwrap().to_owned();
        match (scope.as_str(), asked.get("ExclusiveStartKey")) {
            (PROJECT, None) => {
                page(vec![item(PROJECT, "a")], Some(json!({"scope": {"S": PROJECT}, "name": {"S": "a"}})))
            }
            (PROJECT, Some(start)) if start["name"]["S"] == "a" => {
                page(vec![], Some(json!({"scope": {"S": PROJECT}, "name": {"S": "b"}})))
            }
            (PROJECT, Some(_)) => page(vec![item(PROJECT, "c")], None),
            _ => page(vec![item(ISSUER, "d")], None),
        }
    });
    let mut found = names(&store.rows_in(&scopes(&[PROJECT, ISSUER])).await.unwrap());
    found.sort_unstable();
    assert_eq!(found, [format!("{ISSUER} d"), format!("{PROJECT} a"), format!("{PROJECT} c")]);
    assert_eq!(asked.count(), 4);
    assert!(asked.all().iter().all(|(operation, body)| operation == "Query" && body["ConsistentRead"] == true));
}

#[tokio::test]
async fn passes_on_a_row_it_cannot_read_beside_the_others() {
    let mut broken = item(PROJECT, "deploy");
    broken["enabled"] = json!({"S": "true"});
    let (store, _) = store(move |_, _| responses(vec![broken.clone(), item(ISSUER, "deploy")]));
    let readings = store.rows_named(&scopes(&[PROJECT, ISSUER]), &deploy(), NOW).await.unwrap();
    assert_eq!(names(&readings), ["invalid deploy".to_owned(), format!("{ISSUER} deploy")]);
}

#[tokio::test]
async fn keeps_no_answer_unless_told_to() {
    let (store, asked) = store(|_, _| responses(vec![]));
    for _ in 0..3 {
        store.rows_named(&scopes(&[PROJECT]), &deploy(), NOW).await.unwrap();
    }
    assert_eq!(asked.count(), 3);
}

#[tokio::test]
async fn keeps_an_answer_for_as_long_as_told_and_for_that_question_alone() {
    let (client, asked) = client(|_, _| responses(vec![]));
    let store = MappingStore::new(client, "mappings", 30);
    let (project, issuer) = (scopes(&[PROJECT]), scopes(&[ISSUER]));
    let publish = MappingName::parse("publish").unwrap();
    for (now, calls) in [(NOW, 1), (NOW + 29, 1), (NOW + 30, 2), (NOW + 59, 2)] {
        store.rows_named(&project, &deploy(), now).await.unwrap();
        assert_eq!(asked.count(), calls, "{now}");
    }
    store.rows_named(&issuer, &deploy(), NOW + 31).await.unwrap();
    store.rows_named(&project, &publish, NOW + 31).await.unwrap();
    assert_eq!(asked.count(), 4);
}

#[tokio::test]
async fn keeps_no_list_of_every_row() {
    let (client, asked) = client(|_, _| page(vec![item(PROJECT, "deploy")], None));
    let store = MappingStore::new(client, "mappings", 30);
    for _ in 0..2 {
        store.rows_in(&scopes(&[PROJECT])).await.unwrap();
    }
    assert_eq!(asked.count(), 2);
}

#[tokio::test]
async fn keeps_no_failure() {
    let (client, asked) = client(|before, _| if before == 0 { Answer::TimedOut } else { responses(vec![]) });
    let store = MappingStore::new(client, "mappings", 30);
    assert!(store.rows_named(&scopes(&[PROJECT]), &deploy(), NOW).await.is_err());
    assert!(store.rows_named(&scopes(&[PROJECT]), &deploy(), NOW).await.is_ok());
    assert_eq!(asked.count(), 2);
}
