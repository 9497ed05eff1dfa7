//! Every code of the HTTP contract, each caused the way it would come about.

mod by_backend;
mod by_question;
mod by_rows;
mod by_token;

use std::collections::BTreeSet;

use brevet_tests::contract::{refusals, status_of};
use brevet_tests::gitlab::{LocalGitlab, Outage};
use serde_json::{Value, json};

use super::{Http, deploy, http, ordinary, world};
use crate::world::World;

/// A refusal: what is in the table, what the token is, what is wrong with AWS or GitLab, and what the caller reads.
struct Case {
    code: &'static str,
    /// Part of the message or of a denial's reason, in the words a pipeline author needs.
    says: &'static str,
    event: &'static str,
    change: fn(&mut Value),
    token: fn(&LocalGitlab) -> String,
    arrange: fn(&World),
}

impl Default for Case {
    fn default() -> Self {
        Self {
            code: "",
            says: "",
            event: "rest-get",
            change: |_| {},
            token: |gitlab| gitlab.sign(&gitlab.job()),
            arrange: |world| world.put_row(deploy(), json!({})),
        }
    }
}

async fn refuse(world: &mut World, case: &Case) -> Http {
    world.aws.mend();
    world.aws.empty_table(crate::world::TABLE);
    (case.arrange)(world);
    let token = (case.token)(&world.gitlab);
    http(world.send(case.event, &token, case.change).await)
}

async fn check(cases: &[Case]) {
    let mut world = world().await;
    for case in cases {
        let refused = refuse(&mut world, case).await;
        assert_eq!(
            (refused.code(), Some(refused.status)),
            (case.code, status_of(case.code)),
            "{}: {refused:?}",
            case.event
        );
        assert!(refused.text.contains(case.says), "`{}` in {}", case.says, refused.text);
        assert!(!refused.text.contains("AccessKeyId"), "{refused:?}");
        assert_eq!(refused.audit()["code"], case.code);
    }
}

#[tokio::test]
async fn an_unverified_caller_learns_nothing_and_costs_no_call() {
    let mut world = world().await;
    for case in by_token::before_the_signature() {
        let refused = refuse(&mut world, &case).await;
        assert_eq!((refused.code(), Some(refused.status)), (case.code, status_of(case.code)), "{refused:?}");
        assert!(refused.message().contains(case.says), "`{}` in {}", case.says, refused.message());
        assert!(!refused.text.contains("deploy") && !refused.text.contains(world.gitlab.issuer()), "{refused:?}");
        assert_eq!(world.aws.calls(), [], "{}", case.code);
    }
}

#[tokio::test]
async fn an_unverified_caller_cannot_tell_a_name_there_is_from_one_there_is_not() {
    let mut world = world().await;
    world.put_row(deploy(), json!({}));
    let stranger = world.token(|job| job.claim("iss", "https://gitlab.example.com"));
    let mut texts = BTreeSet::new();
    for name in ["deploy", "no-such-name", "Not/A/Name"] {
        let outcome = world.send("rest-get", &stranger, |event| {
            event["multiValueQueryStringParameters"]["role"] = json!([name]);
        });
        texts.insert(http(outcome.await).text);
    }
    assert_eq!(texts.len(), 1, "{texts:?}");
}

#[tokio::test]
async fn a_verified_token_that_is_not_acceptable_is_refused_before_any_row_is_read() {
    let mut world = world().await;
    for case in by_token::after_the_signature() {
        let refused = refuse(&mut world, &case).await;
        assert_eq!((refused.code(), Some(refused.status)), (case.code, status_of(case.code)), "{refused:?}");
        assert!(refused.message().contains(case.says), "`{}` in {}", case.says, refused.message());
        assert_eq!(world.aws.calls(), [], "{}", case.code);
    }
}

#[tokio::test]
async fn rows_refuse_with_the_reason_and_the_claim_presented() {
    check(&by_rows::cases()).await;
}

#[tokio::test]
async fn rows_that_refuse_never_lead_to_sts() {
    let mut world = world().await;
    for case in by_rows::cases() {
        let _ = refuse(&mut world, &case).await;
    }
    assert_eq!(world.aws.count("AssumeRole"), 0);
}

#[tokio::test]
async fn a_wrong_question_is_answered_with_how_to_put_it_right() {
    check(&by_question::cases()).await;
}

#[tokio::test]
async fn what_stands_behind_is_told_apart() {
    check(&by_backend::cases()).await;
}

#[tokio::test]
async fn keys_that_cannot_be_had_let_nobody_in() {
    for outage in [Outage::Down, Outage::Slow, Outage::Garbage, Outage::Huge, Outage::Redirect, Outage::Empty] {
        let mut world = world().await;
        // The function has the keys by now; another key makes it look again.
        world.gitlab.instance().rotate().expect("memory can be written");
        world.gitlab.set_outage(outage);
        let token = world.token(ordinary);
        let refused = world.ask_with(&token).await;
        assert!(
            matches!((refused.code(), refused.status), ("keys_unavailable", 503) | ("token_invalid", 401)),
            "{refused:?}"
        );
        assert_eq!(world.aws.calls(), [], "{outage:?}");
    }
}

#[tokio::test]
async fn a_function_that_never_had_the_keys_cannot_tell() {
    let mut world = World::start_trusting("credentials", json!({"jwks_uri": "http://localhost:1/keys"}), &[]).await;
    let token = world.token(ordinary);
    let refused = world.ask_with(&token).await;
    assert_eq!((refused.code(), refused.status), ("keys_unavailable", 503));
    assert_eq!(world.aws.calls(), []);
}

/// The codes of the contract, but for those that need more than one request: they have tests of their own above.
#[test]
fn every_code_of_the_contract_is_caused_somewhere() {
    let tables = [
        by_token::before_the_signature(),
        by_token::after_the_signature(),
        by_rows::cases(),
        by_question::cases(),
        by_backend::cases(),
    ];
    let mut caused: BTreeSet<_> = tables.iter().flatten().map(|case| case.code).collect();
    caused.extend(["keys_unavailable", "token_already_used"]);
    assert_eq!(caused, refusals().collect());
}
