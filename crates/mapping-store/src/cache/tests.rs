mod properties;

use super::*;
use crate::test_support::{deploy, scopes};

fn question(id: usize) -> Question {
    (scopes(&[&format!("gitlab.example.com/project/{id}")]), deploy())
}

#[test]
fn holds_no_more_than_its_bound() {
    let cache = Cache::new(60);
    for id in 0..2_000 {
        cache.put(question(id), &[], 1_000);
        assert!(cache.answers.lock().unwrap().len() <= MOST);
    }
    assert!(cache.get(&question(1_999), 1_000).is_some());
}

#[test]
fn makes_room_by_what_is_stale_first() {
    let cache = Cache::new(60);
    for id in 0..MOST - 1 {
        cache.put(question(id), &[], 1_000);
    }
    cache.put(question(7_000), &[], 1_050);
    cache.put(question(7_001), &[], 1_061);
    assert_eq!(cache.answers.lock().unwrap().len(), 2);
    assert!(cache.get(&question(7_000), 1_061).is_some());
}

#[test]
fn holds_nothing_for_no_time() {
    let cache = Cache::new(0);
    cache.put(question(1), &[], 1_000);
    assert!(cache.answers.lock().unwrap().is_empty());
}
