//! Nothing is different with a cache, but that an edit may be seen a little later, and no later than was said.

use brevet_policy::{MappingName, read};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::lookup::MappingStore;
use crate::test_support::{Answer, client, item};

const SECONDS: u64 = 10;

/// What happens, and after how many seconds: the row of a question is edited, or a question is asked.
fn any_stream() -> impl Strategy<Value = Vec<(u64, bool, usize)>> {
    let pause = prop_oneof![0_u64..3, SECONDS - 1..SECONDS + 2];
    prop::collection::vec((pause, prop::bool::weighted(0.3), 0_usize..3), 1..30)
}

fn edition(version: u64) -> Vec<Reading> {
    vec![read(json!({"scope": "gitlab.example.com", "name": "deploy", "version": version}).as_object().unwrap())]
}

proptest! {
    #[test]
    fn never_answers_with_what_the_table_said_longer_ago_than_it_may(stream in any_stream()) {
        let cache = Cache::new(SECONDS);
        let mut now = 1_000;
        // Every edition of each row, and since when it is the table's.
        let mut editions = [[(now, 0)]; 3].map(Vec::from);
        for (pause, is_edit, id) in stream {
            now += pause;
            let current = editions[id][editions[id].len() - 1].1;
            if is_edit {
                editions[id].push((now, current + 1));
                continue;
            }
            let Some(answer) = cache.get(&question(id), now) else {
                cache.put(question(id), &edition(current), now);
                continue;
            };
            let until = editions[id].iter().skip(1).map(|(since, _)| *since).chain([u64::MAX]);
            let said = editions[id].iter().zip(until).filter(|(_, until)| *until > now - SECONDS);
            prop_assert!(said.map(|((_, version), _)| edition(*version)).any(|said| said == answer), "at {}", now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn finds_the_same_rows_with_and_without_it_while_nobody_edits_them(
        stream in prop::collection::vec((0_u64..8, prop::sample::select(vec!["deploy", "publish"]), 0_usize..3), 1..8),
    ) {
        let all = |_: usize, asked: &Value| {
            let keys = asked["RequestItems"]["mappings"]["Keys"].as_array().cloned().unwrap_or_default();
            let found = |key: &Value| Some(item(key["scope"]["S"].as_str()?, key["name"]["S"].as_str()?));
            Answer::Ok(json!({"Responses": {"mappings": keys.iter().filter_map(found).collect::<Vec<_>>()}, "UnprocessedKeys": {}}))
        };
        let ((one, _), (other, asked)) = (client(all), client(all));
        let (plain, caching) = (MappingStore::new(one, "mappings", 0), MappingStore::new(other, "mappings", SECONDS));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (mut now, count) = (1_000, stream.len());
        for (pause, name, id) in stream {
            now += pause;
            let (scopes, name) = (question(id).0, MappingName::parse(name).unwrap());
            let (one, other) = runtime.block_on(async {
                (plain.rows_named(&scopes, &name, now).await, caching.rows_named(&scopes, &name, now).await)
            });
            prop_assert_eq!(one.unwrap(), other.unwrap());
        }
        prop_assert!(asked.count() <= count);
    }
}
