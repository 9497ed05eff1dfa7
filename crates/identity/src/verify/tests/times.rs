//! A token's time: before it, in it, after it, and never back again.

use proptest::prelude::*;

use super::*;

/// What the checks of time say, in the order in which they can come true as time goes by.
fn stage(outcome: &Result<(), Rejection>) -> u8 {
    match outcome.as_ref().map_err(Rejection::code) {
        Err("token_not_yet_valid") => 0,
        Ok(()) => 1,
        Err("token_too_old") => 2,
        Err("token_expired") => 3,
        Err(other) => panic!("says nothing about time: {other}"),
    }
}

/// Seconds within a minute, and now and then at the end of all time.
fn any_time() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0_u64..60, 1 => u64::MAX - 3..=u64::MAX]
}

proptest! {
    #[test]
    fn accepts_a_token_in_one_stretch_of_time_and_says_why_on_either_side(
        (issued_at, not_before, expires_at) in (any_time(), any_time(), any_time()),
        (leeway, age, lifetime) in (0_u64..12, 1_u64..40, 1_u64..60),
    ) {
        let (mut verifier, _) = verifier_with(|entry| {
            entry.insert("max_token_age_seconds".to_owned(), json!(age));
            entry.insert("max_token_lifetime_seconds".to_owned(), json!(lifetime));
        });
        verifier.leeway_seconds = leeway;
        let (issuer, _) = &verifier.issuers[0];
        let times = Times { issued_at, not_before, expires_at };
        let stages: Vec<u8> = (0..120).map(|now| stage(&verifier.check_times(issuer, &times, now))).collect();
        prop_assert!(stages.is_sorted(), "{:?}", stages);
        let [issued_at, not_before, expires_at, leeway, age, lifetime] =
            [issued_at, not_before, expires_at, leeway, age, lifetime].map(i128::from);
        for (now, stage) in (0_i128..).zip(stages) {
            let begun = now + leeway >= issued_at.max(not_before);
            let over = now >= expires_at + leeway;
            let young = now - issued_at <= age && expires_at - issued_at <= lifetime;
            prop_assert_eq!(stage == 1, begun && !over && young, "at {}", now);
        }
    }
}
