//! Where STS is asked, and for roles of which accounts and partitions.

use brevet_tests::aws::Fault;
use serde_json::json;

use super::{Http, deploy, http, ordinary};
use crate::world::World;

async fn world_in(region: &str) -> World {
    World::start("credentials", &[("AWS_REGION", region)]).await
}

/// Asks for a role, with a row that names it and how STS is asked.
async fn ask_for(world: &mut World, role_arn: &str, via: &str) -> Http {
    world.put_row(deploy(), json!({"role_arn": role_arn, "via": via}));
    let token = world.token(ordinary);
    http(world.send("rest-get", &token, |_| {}).await)
}

#[tokio::test]
async fn a_role_of_another_partition_is_refused_before_sts_is_asked() {
    let mut world = world_in("us-gov-west-1").await;
    for via in ["assume_role", "web_identity"] {
        let answer = ask_for(&mut world, "arn:aws:iam::111122223333:role/brevet/deploy", via).await;
        assert_eq!((answer.code(), answer.status), ("target_role_refused", 403), "{answer:?}");
        assert!(answer.message().contains("in the partition `aws`, and Brevet is in `aws-us-gov`"), "{answer:?}");
    }
    assert_eq!(world.aws.count("AssumeRole") + world.aws.count("AssumeRoleWithWebIdentity"), 0);
}

#[tokio::test]
async fn a_role_of_an_unknown_regions_partition_is_for_sts_to_judge() {
    let mut world = world_in("xx-north-1").await;
    let answer = ask_for(&mut world, "arn:aws-xx:iam::111122223333:role/brevet/deploy", "assume_role").await;
    assert_eq!((answer.code(), world.aws.count("AssumeRole")), ("granted", 1), "{answer:?}");
}

#[tokio::test]
async fn sts_is_asked_in_the_region_of_the_function_whatever_the_account_and_partition_of_the_role() {
    for (region, role_arn) in [
        ("eu-central-1", "arn:aws:iam::111122223333:role/brevet/deploy"),
        ("ap-southeast-2", "arn:aws:iam::444455556666:role/brevet/deploy"),
        ("cn-north-1", "arn:aws-cn:iam::111122223333:role/brevet/deploy"),
        ("us-gov-west-1", "arn:aws-us-gov:iam::111122223333:role/brevet/deploy"),
    ] {
        let mut world = world_in(region).await;
        let answer = ask_for(&mut world, role_arn, "assume_role").await;
        assert_eq!(answer.code(), "granted", "{answer:?}");
        assert_eq!(answer.body["AccountId"], role_arn.split(':').nth(4).expect("an ARN has an account"));
        let call = world.aws.calls().pop().expect("STS was asked");
        assert_eq!((call.operation.as_str(), call.signed_for.as_deref()), ("AssumeRole", Some(region)));
    }
}

#[tokio::test]
async fn a_region_that_the_roles_account_has_not_activated_is_named_in_the_log_alone() {
    let mut world = world_in("ap-east-1").await;
    let fault = Fault::refused("RegionDisabledException", "STS is not activated in this region");
    world.aws.fail("AssumeRole", fault);
    let answer = ask_for(&mut world, "arn:aws:iam::111122223333:role/brevet/deploy", "assume_role").await;
    assert_eq!((answer.code(), answer.status), ("misconfigured", 500), "{answer:?}");
    assert!(!answer.text.contains("activate"), "{answer:?}");
    assert!(answer.audit()["detail"].as_str().is_some_and(|cause| cause.contains("activate STS")), "{answer:?}");
}
