"""A job may ask for less than its mapping gives: its session may do what role, mapping and job all allow."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from conftest import Brevet, assert_refused
from local.aws import Credentials, administrator, client
from local.deployment import Deployment
from local.site import REGION, TARGET_ACCOUNT
from roles import allow, policy, role_of_account
from signing import session_of

READ = "ssm:GetParameter"


def parameter(*names: str) -> list[str]:
    return [f"arn:aws:ssm:{REGION}:{TARGET_ACCOUNT}:parameter/narrowing/{name}" for name in names]


def reading(*names: str) -> dict[str, Any]:
    return policy(allow(READ, on=parameter(*names)))


EVERYTHING = policy(allow("*"))
# What a job may send beside a mapping that has a policy of its own.
DENY_A = {"Effect": "Deny", "Action": READ, "Resource": parameter("a")}


@dataclass(frozen=True)
class Account:
    """A role that may read the parameters `a` and `b`, of the three that are there, and a managed policy for `a`."""

    role_arn: str
    reads_a: str


@pytest.fixture(scope="module")
def account(deployment: Deployment) -> Iterator[Account]:
    owner = administrator(deployment.site, TARGET_ACCOUNT)
    ssm, iam = client(deployment.site, "ssm", owner), client(deployment.site, "iam", owner)
    for name in "abc":
        ssm.put_parameter(Name=f"/narrowing/{name}", Value=name, Type="String")
    managed = iam.create_policy(PolicyName="reads-a", PolicyDocument=json.dumps(reading("a")))["Policy"]["Arn"]
    with role_of_account(deployment, "reads-a-and-b", reading("a", "b")) as role_arn:
        yield Account(role_arn, managed)
    iam.delete_policy(PolicyArn=managed)
    ssm.delete_parameters(Names=[f"/narrowing/{name}" for name in "abc"])


@pytest.mark.parametrize(
    ("mapping", "job", "readable"),
    [
        (None, None, "ab"),
        (None, reading("a"), "a"),
        (None, reading("c"), ""),
        (None, reading("a", "c"), "a"),
        (None, EVERYTHING, "ab"),
        (None, policy(allow("*"), DENY_A), "b"),
        (None, policy(DENY_A), ""),
        (None, policy({"Effect": "Allow", "NotAction": READ, "Resource": "*"}), ""),
        (reading("b"), None, "b"),
        (reading("b"), reading("a"), ""),
        (reading("b"), reading("a", "b"), "b"),
        (reading("b"), EVERYTHING, "b"),
        (reading("a", "b", "c"), EVERYTHING, "ab"),
        (reading("a", "b"), policy(allow("*"), DENY_A), "b"),
        (reading("a", "b"), policy(allow(READ, on=parameter("a")), allow("ssm:*", on=parameter("b"))), "ab"),
        (EVERYTHING, policy({"Sid": "OnlyA", **allow(READ, on=parameter("a"))}), "a"),
    ],
)
def test_the_session_may_do_what_role_mapping_and_job_all_allow(
    brevet: Brevet, account: Account, mapping: Any, job: Any, readable: str
) -> None:
    _row(brevet, account, **({} if mapping is None else {"session_policy": mapping}))
    assert _readable(brevet, job) == readable


@pytest.mark.parametrize(
    ("inline", "job", "readable"),
    [
        (None, None, "a"),
        (None, EVERYTHING, "a"),
        (None, reading("b"), ""),
        (None, reading("a", "b"), "a"),
        (reading("b"), None, "ab"),
        (reading("b"), EVERYTHING, "ab"),
        (reading("b"), reading("b", "c"), "b"),
        (reading("b"), policy(allow("*"), DENY_A), "b"),
    ],
)
def test_a_jobs_policy_narrows_the_managed_policies_of_a_mapping_as_well(
    brevet: Brevet, account: Account, inline: Any, job: Any, readable: str
) -> None:
    _row(brevet, account, policy_arns=[account.reads_a], **({} if inline is None else {"session_policy": inline}))
    assert _readable(brevet, job) == readable


def test_a_policy_may_come_as_a_string_as_well(brevet: Brevet, account: Account) -> None:
    _row(brevet, account)
    assert _readable(brevet, json.dumps(reading("b"), indent=2)) == "b"


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        (policy({**allow(READ), "Condition": {}}), "has `Condition`; this mapping has a policy of its own"),
        (policy({"Effect": "Allow", "NotAction": READ, "Resource": "*"}), "has `NotAction`"),
        (policy({"Effect": "Allow", "Action": READ, "NotResource": "*"}), "has `NotResource`"),
        (policy({**allow(READ), "Principal": "*"}), "has `Principal`"),
        (policy(DENY_A), "must have 1 to 3 `Allow` statements"),
        (policy(*[allow(READ, on=parameter(name)) for name in "abcd"]), "must have 1 to 3 `Allow` statements"),
        (policy({"Effect": "Allow", "Action": READ}), "must have `Resource` in each statement"),
        (policy(allow(READ, on=["x" * 900])), "together with the mapping's policies, more than the 2048 of STS"),
    ],
)
def test_refuses_what_cannot_be_combined_with_the_policy_of_the_mapping(
    brevet: Brevet, account: Account, job: Any, sentence: str
) -> None:
    _row(brevet, account, session_policy=policy(allow(READ, on=parameter("b", "b" * 900))))
    answer = _ask(brevet, session_policy=job)
    assert_refused(answer, 400, "session_policy_invalid")
    assert sentence in answer.message


def test_passes_on_that_sts_does_not_take_the_policy(brevet: Brevet, account: Account) -> None:
    _row(brevet, account)
    answer = _ask(brevet, session_policy=policy({"Effect": "Allow"}))
    assert_refused(answer, 400, "session_policy_invalid")
    assert "STS does not accept the session policy" in answer.message


@pytest.mark.parametrize(
    ("mapping", "job", "seconds"),
    [
        ({}, None, 3600),
        ({}, 900, 900),
        ({"duration_seconds": 1800}, None, 1800),
        ({"duration_seconds": 1800}, 901, 901),
        ({"duration_seconds": 900, "max_duration_seconds": 2700}, 2700, 2700),
    ],
)
def test_a_session_lasts_as_long_as_the_mapping_says_or_shorter(
    brevet: Brevet, account: Account, mapping: dict[str, int], job: int | None, seconds: int
) -> None:
    _row(brevet, account, **mapping)
    before = datetime.now(UTC)
    answer = _ask(brevet, **({} if job is None else {"duration_seconds": job}))
    assert answer.status == 200, answer.text
    expires = datetime.fromisoformat(answer.json["Expiration"])
    assert seconds - 1 <= (expires - before).total_seconds() <= seconds + 10


@pytest.mark.parametrize(
    ("mapping", "job"), [({"duration_seconds": 1800}, 1801), ({"max_duration_seconds": 1800}, 3600), ({}, 899)]
)
def test_refuses_a_longer_session_than_the_mapping_gives(
    brevet: Brevet, account: Account, mapping: dict[str, int], job: int
) -> None:
    _row(brevet, account, **mapping)
    assert_refused(_ask(brevet, duration_seconds=job), 400, "duration_out_of_range")


def _row(brevet: Brevet, account: Account, **attributes: Any) -> None:
    brevet.row("narrow", role_arn=account.role_arn, **attributes)


def _ask(brevet: Brevet, **narrowing: Any):
    return brevet.ask("/credentials", brevet.token(), method="POST", body={"role": "narrow", **narrowing})


def _readable(brevet: Brevet, job: Any) -> str:
    """Which of the three parameters a session can read."""
    session = session_of(brevet, "narrow", **({} if job is None else {"session_policy": job}))
    return "".join(name for name in "abc" if _can_read(brevet, session, name))


def _can_read(brevet: Brevet, session: Credentials, name: str) -> bool:
    try:
        client(brevet.site, "ssm", session).get_parameter(Name=f"/narrowing/{name}")
    except ClientError as refusal:
        assert refusal.response["Error"]["Code"] == "AccessDeniedException", refusal
        return False
    return True
