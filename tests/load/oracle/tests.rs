use super::*;

const NEW: usize = 1;
const OLD: usize = 0;

fn now() -> Instant {
    Instant::now() + Duration::from_secs(1_000)
}

fn expected(proof: Proof, reach: Reach) -> Expected {
    Expected { code: "granted", proof, reach, session: None }
}

/// The GitLab changed its key so many seconds ago.
fn changed(seconds: u64) -> History {
    History { generation: NEW, down: false, changed_at: Some(now() - Duration::from_secs(seconds)) }
}

fn observed(code: &str) -> Observed<'_> {
    Observed { code, slow: false, sent_at: now(), fetch_failed_at: None }
}

fn born(generation: usize) -> Knowledge {
    Knowledge { born: generation, shown: None }
}

fn is_right(knowledge: &Knowledge, proof: Proof, code: &str, history: &History) -> bool {
    let expected = expected(proof, Reach::Sts);
    knowledge.clone().judge(&expected, &observed(code), history, Trouble::None).is_ok()
}

#[test]
fn a_grant_for_a_forged_token_is_always_wrong() {
    let mut forged = expected(Proof::Forged, Reach::Sts);
    forged.code = "token_invalid";
    for seconds in [1, 1_000] {
        for (slow, failed) in [(false, None), (true, None), (true, Some(now()))] {
            let observed = Observed { slow, fetch_failed_at: failed, ..observed("granted") };
            let judged = born(NEW).judge(&forged, &observed, &changed(seconds), Trouble::None);
            assert!(judged.is_err(), "{observed:?}");
        }
    }
}

#[test]
fn an_old_key_is_wrong_once_the_new_one_was_accepted_and_once_everybody_must_have_followed() {
    let (old, new) = (Proof::Signed(OLD), Proof::Signed(NEW));
    let mut knowledge = born(OLD);
    assert!(is_right(&knowledge, old, "granted", &changed(10)));
    assert!(!is_right(&knowledge, old, "granted", &changed(100)));
    knowledge.judge(&expected(new, Reach::Sts), &observed("granted"), &changed(10), Trouble::None).unwrap();
    assert!(!is_right(&knowledge, old, "granted", &changed(10)));
    assert!(is_right(&knowledge, old, "token_invalid", &changed(10)));
}

#[test]
fn an_old_key_is_wrong_for_an_environment_that_started_after_it_had_gone() {
    assert!(!is_right(&born(NEW), Proof::Signed(OLD), "granted", &changed(1)));
}

#[test]
fn a_new_key_may_be_unknown_for_a_while_and_no_longer() {
    let (knowledge, new) = (born(OLD), Proof::Signed(NEW));
    assert!(is_right(&knowledge, new, "token_invalid", &changed(10)));
    assert!(!is_right(&knowledge, new, "token_invalid", &changed(100)));
    assert!(!is_right(&born(NEW), new, "token_invalid", &changed(10)));
    let down = History { down: true, ..changed(100) };
    assert!(is_right(&knowledge, new, "token_invalid", &down));
}

#[test]
fn a_key_that_was_used_before_is_not_lost_in_an_outage() {
    let (mut knowledge, down) = (born(NEW), History { down: true, ..changed(100) });
    let granted = expected(Proof::Signed(NEW), Reach::Sts);
    knowledge.judge(&granted, &observed("granted"), &down, Trouble::None).unwrap();
    let failed = Observed { fetch_failed_at: Some(now()), ..observed("keys_unavailable") };
    assert!(knowledge.judge(&granted, &failed, &down, Trouble::None).is_err());
}

#[test]
fn cannot_tell_needs_a_failed_fetch_or_a_slow_answer() {
    let (knowledge, granted) = (born(NEW), expected(Proof::Signed(NEW), Reach::Sts));
    let judged =
        |observed: &Observed<'_>| knowledge.clone().judge(&granted, observed, &changed(100), Trouble::None).is_ok();
    assert!(!judged(&observed("keys_unavailable")));
    assert!(judged(&Observed { fetch_failed_at: Some(now()), ..observed("keys_unavailable") }));
    assert!(!judged(&Observed { fetch_failed_at: Some(now()), ..observed("mappings_unavailable") }));
    assert!(judged(&Observed { slow: true, ..observed("mappings_unavailable") }));
}

#[test]
fn a_service_that_fails_is_told_by_its_code_and_by_none_else() {
    let proof = Proof::Signed(NEW);
    let codes = |reach, trouble| {
        let all = ["granted", "mappings_unavailable", "throttled"];
        let right =
            |code: &&str| born(NEW).judge(&expected(proof, reach), &observed(code), &changed(100), trouble).is_ok();
        all.into_iter().filter(right).collect::<Vec<_>>()
    };
    assert_eq!(codes(Reach::Sts, Trouble::Rows("mappings_unavailable")), ["mappings_unavailable"]);
    assert_eq!(codes(Reach::Token, Trouble::Rows("mappings_unavailable")), ["granted"]);
    assert_eq!(codes(Reach::Rows, Trouble::Sts("throttled")), ["granted"]);
    assert_eq!(codes(Reach::Sts, Trouble::Sts("throttled")), ["throttled"]);
}
