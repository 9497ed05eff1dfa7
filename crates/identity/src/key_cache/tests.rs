use std::time::Duration;

use serde_json::json;

use super::*;
use crate::key_fetch::FetchError;
use crate::test_support::{ISSUER, TestFetch, TestKey};

const KEYS: &str = "https://gitlab.example.com/oauth/discovery/keys";
const DISCOVERY: &str = "https://gitlab.example.com/.well-known/openid-configuration";
const START: u64 = 1_790_000_000;

fn cache(source: KeySource) -> (Arc<KeyCache<TestFetch>>, Arc<TestFetch>) {
    let fetch = Arc::new(TestFetch::default());
    (KeyCache::new(ISSUER.to_owned(), source, None, Arc::clone(&fetch)), fetch)
}

fn by_address() -> (Arc<KeyCache<TestFetch>>, Arc<TestFetch>) {
    cache(KeySource::JwksUri(KEYS.to_owned()))
}

async fn found(cache: &Arc<KeyCache<TestFetch>>, kid: &str, now: u64) -> &'static str {
    match cache.lookup(kid, now).await {
        Ok(Lookup::Key(_)) => "key",
        Ok(Lookup::Unknown) => "unknown",
        Err(_) => "unavailable",
    }
}

#[tokio::test]
async fn cannot_tell_while_the_issuer_is_down_and_asks_only_after_the_cool_down() {
    let (cache, fetch) = by_address();
    for second in 0..29 {
        assert_eq!(found(&cache, "a", START + second).await, "unavailable");
    }
    assert_eq!(fetch.asked(), 1);
    let refused = cache.lookup("a", START + 29).await.err().unwrap();
    assert_eq!(refused.retry_after_seconds, 1);
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START + 30).await, "key");
    assert_eq!(fetch.asked(), 2);
}

#[tokio::test]
async fn a_flood_of_unknown_key_ids_costs_one_fetch_per_cool_down() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    for second in 0..90 {
        assert_eq!(found(&cache, &format!("made-up-{second}"), START + second).await, "unknown");
    }
    assert_eq!(fetch.asked(), 3);
}

#[tokio::test]
async fn finds_a_rotated_key_and_forgets_the_one_that_left() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("old").key_set()));
    assert_eq!(found(&cache, "old", START).await, "key");
    fetch.answer(KEYS, Ok(TestKey::p256("new").key_set()));
    assert_eq!(found(&cache, "new", START + 30).await, "key");
    assert_eq!(found(&cache, "old", START + 31).await, "unknown");
}

#[tokio::test]
async fn keeps_good_keys_when_the_new_document_is_unusable() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    let unusable =
        [json!({"keys": []}), json!({}), json!("nonsense"), json!({"keys": [{"kty": "oct", "kid": "a", "k": "AA"}]})];
    for (round, document) in unusable.into_iter().enumerate() {
        let now = START + 30 * (round as u64 + 1);
        fetch.answer(KEYS, Ok(document));
        assert_eq!(found(&cache, "b", now).await, "unavailable");
        assert_eq!(found(&cache, "a", now).await, "key");
    }
}

#[tokio::test]
async fn serves_cached_keys_until_the_hard_age_and_not_a_second_longer() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    fetch.answer(KEYS, Err(FetchError::TimedOut));
    assert_eq!(found(&cache, "a", START + HARD_AGE - 1).await, "key");
    assert_eq!(found(&cache, "a", START + HARD_AGE + 60).await, "unavailable");
}

#[tokio::test]
async fn a_clock_that_was_ahead_and_is_set_right_neither_keeps_old_keys_nor_the_cool_down() {
    for seconds_ahead in [COOL_DOWN, SOFT_AGE, HARD_AGE + 1] {
        let (cache, fetch) = by_address();
        fetch.answer(KEYS, Ok(TestKey::p256("old").key_set()));
        assert_eq!(found(&cache, "old", START + seconds_ahead).await, "key");
        fetch.answer(KEYS, Ok(TestKey::p256("new").key_set()));
        assert_eq!(found(&cache, "new", START).await, "key", "{seconds_ahead} s ahead");
        assert_eq!(found(&cache, "old", START).await, "unknown", "{seconds_ahead} s ahead");
    }
}

#[tokio::test]
async fn refreshes_beside_the_request_from_the_soft_age_on() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    assert_eq!(found(&cache, "a", START + SOFT_AGE - 1).await, "key");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(fetch.asked(), 1);
    assert_eq!(found(&cache, "a", START + SOFT_AGE).await, "key");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(fetch.asked(), 2);
}

#[tokio::test]
async fn many_at_once_share_one_fetch() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    *fetch.delay.lock().unwrap() = Duration::from_millis(20);
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let cache = Arc::clone(&cache);
        requests.spawn(async move { found(&cache, "a", START).await });
    }
    assert!(requests.join_all().await.iter().all(|outcome| *outcome == "key"));
    assert_eq!(fetch.asked(), 1);
}

#[tokio::test]
async fn a_request_that_gives_up_does_not_take_the_fetch_with_it() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    *fetch.delay.lock().unwrap() = Duration::from_millis(30);
    let gave_up = tokio::time::timeout(Duration::from_millis(5), cache.lookup("a", START)).await;
    assert!(gave_up.is_err());
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!((found(&cache, "a", START + 1).await, fetch.asked()), ("key", 1));
}

#[tokio::test]
async fn a_fetch_outlives_its_request_and_nobody_starts_another_beside_it() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    *fetch.delay.lock().unwrap() = Duration::from_millis(50);
    let gave_up = tokio::time::timeout(Duration::from_millis(5), cache.lookup("a", START)).await;
    assert!(gave_up.is_err());
    assert_eq!(
        found(&cache, "a", START + 31).await,
        "key",
        "waits for the fetch under way, though the cool-down is over"
    );
    assert_eq!(fetch.asked(), 1);
}

#[tokio::test]
async fn waits_for_an_overdue_refresh_so_that_a_key_that_left_is_not_trusted_for_a_day() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    fetch.answer(KEYS, Ok(TestKey::p256("b").key_set()));
    assert_eq!(found(&cache, "a", START + OVERDUE_AGE).await, "unknown");
    assert_eq!(found(&cache, "b", START + OVERDUE_AGE).await, "key");
    assert_eq!(fetch.asked(), 2);
}

#[tokio::test]
async fn an_overdue_refresh_that_hangs_holds_a_request_only_a_little() {
    let (cache, fetch) = by_address();
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    assert_eq!(found(&cache, "a", START).await, "key");
    *fetch.delay.lock().unwrap() = Duration::from_secs(60);
    let held = tokio::time::timeout(REFRESH_PATIENCE * 2, found(&cache, "a", START + OVERDUE_AGE)).await;
    assert_eq!(held, Ok("key"));
}

#[tokio::test]
async fn refuses_a_discovery_document_of_another_issuer_or_with_a_plain_address() {
    let documents = [
        json!({"issuer": "https://evil.example", "jwks_uri": KEYS}),
        json!({"issuer": format!("{ISSUER}/"), "jwks_uri": KEYS}),
        json!({"issuer": ISSUER, "jwks_uri": "http://gitlab.example.com/keys"}),
        json!({"issuer": ISSUER}),
        json!([]),
    ];
    for document in documents {
        let (cache, fetch) = cache(KeySource::Discovery(DISCOVERY.to_owned()));
        fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
        fetch.answer(DISCOVERY, Ok(document.clone()));
        assert_eq!(found(&cache, "a", START).await, "unavailable", "{document}");
        assert_eq!(fetch.asked(), 1);
    }
}

#[tokio::test]
async fn follows_the_issuers_own_discovery_document() {
    let (cache, fetch) = cache(KeySource::Discovery(DISCOVERY.to_owned()));
    fetch.answer(KEYS, Ok(TestKey::p256("a").key_set()));
    fetch.answer(DISCOVERY, Ok(json!({"issuer": ISSUER, "jwks_uri": KEYS})));
    cache.prime(START).await;
    assert_eq!(fetch.asked(), 2);
    assert_eq!((found(&cache, "a", START).await, fetch.asked()), ("key", 2));
}

#[tokio::test]
async fn static_keys_are_never_fetched_and_never_too_old() {
    let keys = KeySet::parse(TestKey::p256("a").key_set().to_string().as_bytes()).unwrap();
    let (cache, fetch) = cache(KeySource::Static(keys));
    cache.prime(START).await;
    assert_eq!(found(&cache, "a", START + 10 * HARD_AGE).await, "key");
    assert_eq!(found(&cache, "b", START).await, "unknown");
    assert_eq!(fetch.asked(), 0);
}
