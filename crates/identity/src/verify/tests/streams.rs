//! Streams of tokens while time goes by, keys change and GitLab comes and goes: what is remembered changes no verdict.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::key_fetch::FetchError;
use crate::seen::SeenTokens;

/// From this age on, keys are not used before they are fetched again, if they can be.
const OVERDUE: u64 = 4_500;
const HARD_AGE: u64 = 86_400;
const COOL_DOWN: u64 = 30;

/// `a`, `b`, and another key that is called `a` as well.
static SIGNERS: LazyLock<[TestKey; 3]> = LazyLock::new(|| [TestKey::p256("a"), TestKey::p256("b"), TestKey::p256("a")]);

/// Tokens of each key: long and short ones, for others, with nothing of a job, and with a bit of the signature changed.
static TOKENS: LazyLock<Vec<BearerToken>> = LazyLock::new(|| {
    let changes: [&[(&str, Value)]; 6] = [
        &[("exp", json!(ISSUED_AT + 250_000))],
        &[("iat", json!(ISSUED_AT + 20)), ("exp", json!(ISSUED_AT + 60))],
        &[("iat", json!(ISSUED_AT + 4_000)), ("nbf", json!(ISSUED_AT + 4_100)), ("exp", json!(ISSUED_AT + 90_000))],
        &[("aud", json!("https://other.example"))],
        &[("project_id", json!(4711))],
        &[("exp", json!(ISSUED_AT + 999_999))],
    ];
    let signed = |key: &TestKey, changes: &[(&str, Value)]| {
        let mut claims = claims();
        claims.extend(changes.iter().map(|(claim, value)| ((*claim).to_owned(), value.clone())));
        key.sign(&claims)
    };
    let mut tokens: Vec<BearerToken> =
        SIGNERS.iter().flat_map(|key| changes.iter().map(|changes| signed(key, changes))).collect();
    let forged = tokens[0].expose().rsplit_once('.').map(|(signed, _)| format!("{signed}.{}", "A".repeat(86)));
    tokens.push(BearerToken::from_authorization([forged.unwrap().as_str()]).unwrap());
    tokens
});

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// GitLab publishes these of the keys, or nothing at all.
    Publish(Option<&'static [usize]>),
    /// A token comes.
    Token(usize),
}

/// Seconds to the next step, most of them beside an edge of the caches.
fn any_pause() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0_u64..3, 1 => 29_u64..32, 2 => select(vec![600, 3_599, 3_600, 4_499, 4_500, 86_399, 86_400])]
}

fn any_stream(keys: &'static [&'static [usize]], tokens: usize) -> impl Strategy<Value = Vec<(u64, Step)>> {
    let publish = prop_oneof![3 => select(keys).prop_map(Some), 1 => Just(None)].prop_map(Step::Publish);
    let step = prop_oneof![1 => publish, 2 => Just(Step::Token(0)), 3 => (0..tokens).prop_map(Step::Token)];
    prop::collection::vec((any_pause(), step), 1..20)
}

/// A verifier and the GitLab it asks.
struct Side {
    verifier: Verifier<TestFetch>,
    gitlab: Arc<TestFetch>,
}

impl Side {
    fn new(published: Option<&[usize]>) -> Self {
        let (verifier, gitlab) = verifier_with(|entry| {
            entry.insert("algorithms".to_owned(), json!(["ES256"]));
            entry.insert("max_token_age_seconds".to_owned(), json!(300_000));
            entry.insert("max_token_lifetime_seconds".to_owned(), json!(300_000));
        });
        let side = Self { verifier, gitlab };
        side.publish(published);
        side
    }

    fn publish(&self, keys: Option<&[usize]>) {
        let set = |keys: &[usize]| json!({"keys": keys.iter().map(|key| &SIGNERS[*key].jwk).collect::<Vec<_>>()});
        self.gitlab.answer(KEYS, keys.map(set).ok_or(FetchError::TimedOut));
    }

    async fn code(&self, token: usize, now: u64) -> &'static str {
        let code = code_of(&self.verifier.verify(&TOKENS[token], now).await);
        // Whatever was begun beside the request ends before the next one.
        tokio::time::sleep(Duration::from_millis(1)).await;
        code
    }
}

/// Runs this on a clock of its own, which stands still unless everybody waits.
fn on_its_own_clock<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(test)
}

/// Says of each token the same as a verifier that forgets every token at once, whose keys are as old.
async fn compare_with_one_that_forgets(stream: Vec<(u64, Step)>) -> Result<(), TestCaseError> {
    let (remembering, mut forgetting) = (Side::new(Some(&[0])), Side::new(Some(&[0])));
    let mut now = ISSUED_AT;
    for (pause, step) in stream {
        now += pause;
        match step {
            Step::Publish(keys) => [&remembering, &forgetting].map(|side| side.publish(keys)),
            Step::Token(token) => {
                forgetting.verifier.seen = SeenTokens::default();
                let (one, other) = (remembering.code(token, now).await, forgetting.code(token, now).await);
                prop_assert_eq!(one, other, "token {} at {}", token, now - ISSUED_AT);
                [(), ()]
            }
        };
    }
    prop_assert_eq!(remembering.gitlab.asked(), forgetting.gitlab.asked());
    Ok(())
}

/// Compares with verifiers that have just fetched what GitLab publishes now, or published a while ago.
async fn compare_with_fresh_ones(stream: Vec<(u64, Step)>) -> Result<(), TestCaseError> {
    let caching = Side::new(Some(&[0]));
    let mut now = ISSUED_AT;
    // What was published, and since when.
    let mut published: Vec<(u64, Option<&[usize]>)> = vec![(now, Some(&[0]))];
    for (pause, step) in stream {
        now += pause;
        let token = match step {
            Step::Publish(keys) => {
                caching.publish(keys);
                published.push((now, keys));
                continue;
            }
            Step::Token(token) => token,
        };
        let cached = caching.code(token, now).await;
        let (since, current) = published[published.len() - 1];
        let fresh = Side::new(current).code(token, now).await;
        let unchanged_for = if current.is_some() { now - since } else { 0 };
        if unchanged_for >= COOL_DOWN && fresh == "verified" {
            prop_assert_eq!(cached, "verified", "token {} at {}", token, now - ISSUED_AT);
        }
        if unchanged_for >= OVERDUE {
            prop_assert_eq!(cached, fresh, "token {} at {}", token, now - ISSUED_AT);
        }
        if cached == "verified" && fresh != "verified" {
            let until = published.iter().skip(1).map(|(since, _)| *since).chain([now]);
            let mut believed = false;
            for ((_, keys), until) in published.iter().zip(until) {
                believed |= until + HARD_AGE > now && Side::new(*keys).code(token, now).await == "verified";
            }
            prop_assert!(believed, "token {} at {}: no key of the last day verifies it", token, now - ISSUED_AT);
        }
    }
    let most = (now - ISSUED_AT) / COOL_DOWN + 1;
    prop_assert!(caching.gitlab.asked() as u64 <= most, "{} fetches", caching.gitlab.asked());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn says_the_same_whether_it_remembers_tokens_or_not(
        stream in any_stream(&[&[0], &[0, 1], &[1], &[2], &[2, 1]], TOKENS.len()),
    ) {
        on_its_own_clock(compare_with_one_that_forgets(stream))?;
    }

    #[test]
    fn says_what_a_verifier_without_a_cache_says_but_for_the_time_that_a_cache_may_lag_behind(
        stream in any_stream(&[&[0], &[0, 1], &[1]], TOKENS.len()),
    ) {
        on_its_own_clock(compare_with_fresh_ones(stream))?;
    }
}
