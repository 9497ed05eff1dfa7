"""Roles in several accounts, in the region of the function, and not in another partition of AWS."""

import re

import pytest
from botocore.exceptions import ClientError

from conftest import Brevet, assert_refused
from local.audit import audit_lines
from local.aws import client
from local.site import ACCOUNT, REGION, TARGET_ACCOUNT
from roles import allow, policy, role_of_account
from signing import session_of

READS_PARAMETERS = policy(allow("ssm:GetParameter"))


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov", "aws-eusc"])
def test_refuses_a_role_of_another_partition_and_says_so(brevet: Brevet, partition: str) -> None:
    brevet.row("abroad", role_arn=brevet.deployer.replace("arn:aws:", f"arn:{partition}:"))
    token = brevet.token()
    answer = brevet.credentials("abroad", token)
    assert_refused(answer, 403, "target_role_refused")
    assert f"is in the partition `{partition}`, and Brevet is in `aws`" in answer.message
    [line] = audit_lines(brevet.deployment, token.claims["jti"])
    assert (line["code"], line.get("sts_request_id")) == ("target_role_refused", None)


def test_refuses_a_role_of_an_account_that_does_not_trust_brevet(brevet: Brevet) -> None:
    """No account is special: the one Brevet is in has to trust it as well."""
    stranger = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{TARGET_ACCOUNT}:root"}, "Action": "sts:*"}
    for account in (ACCOUNT, TARGET_ACCOUNT):
        with role_of_account(brevet.deployment, "not-for-jobs", READS_PARAMETERS, account, trust=stranger) as role_arn:
            brevet.row("stranger", role_arn=role_arn)
            assert_refused(brevet.credentials("stranger"), 403, "target_role_refused")


def test_one_job_has_roles_in_two_accounts(brevet: Brevet) -> None:
    token = brevet.token()
    with (
        role_of_account(brevet.deployment, "both", READS_PARAMETERS, ACCOUNT) as here,
        role_of_account(brevet.deployment, "both", READS_PARAMETERS, TARGET_ACCOUNT) as there,
    ):
        for name, role_arn, account in [("here", here, ACCOUNT), ("there", there, TARGET_ACCOUNT)]:
            brevet.row(name, role_arn=role_arn)
            answer = brevet.credentials(name, token)
            assert answer.status == 200, answer.text
            assert (answer.json["AccountId"], answer.json["RoleArn"]) == (account, role_arn)
            caller = client(brevet.site, "sts", session_of(brevet, name, token)).get_caller_identity()
            assert caller["Account"] == account
            assert caller["Arn"] == f"arn:aws:sts::{account}:assumed-role/both/{token.session_name}"


def test_a_session_of_one_account_sees_nothing_of_the_other(brevet: Brevet) -> None:
    parameter = brevet.deployment.outputs["ReleaseChannelParameter"]
    with role_of_account(brevet.deployment, "reads", READS_PARAMETERS, ACCOUNT) as role_arn:
        brevet.row("here", role_arn=role_arn)
        here = client(brevet.site, "ssm", session_of(brevet, "here"))
        there = client(brevet.site, "ssm", session_of(brevet, "deploy"))
        assert there.get_parameter(Name=parameter)["Parameter"]["Value"] == "stable"
        with pytest.raises(ClientError, match="ParameterNotFound"):
            here.get_parameter(Name=parameter)


def test_the_vending_role_is_one_of_its_region(brevet: Brevet) -> None:
    """So that Brevet can be in several regions of one account: a role's name is taken in all of them."""
    assert re.fullmatch(rf"arn:aws:iam::{ACCOUNT}:role/.*-{REGION}", brevet.deployment.outputs["VendingRoleArn"])
