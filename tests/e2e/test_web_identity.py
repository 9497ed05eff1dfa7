"""Sessions of more than an hour: the job's token itself goes to STS, and the target account judges it.

The emulator looks at the role's trust policy: which provider, and the conditions on `aud` and `sub`. It does not check
that the provider is registered, nor the token's signature, end and audience, nor the role's longest session, nor does
it apply a session policy to these sessions: for those, `tests/integration` checks what STS is sent and what becomes of
its refusals.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import Brevet, assert_refused
from local.aws import Credentials, administrator, client
from local.deployment import Deployment
from local.site import AUDIENCE, TARGET_ACCOUNT
from roles import allow, policy, role_of_account

MAIN_OF_PAYMENTS = "project_path:nordwind/platform/payments-api:ref_type:branch:ref:main"


@pytest.fixture(scope="module")
def provider(deployment: Deployment) -> Iterator[str]:
    """GitLab as an identity provider of the target account, which is all that these roles trust."""
    iam = client(deployment.site, "iam", administrator(deployment.site, TARGET_ACCOUNT))
    made = iam.create_open_id_connect_provider(Url=deployment.site.issuer, ClientIDList=[AUDIENCE])
    yield made["OpenIDConnectProviderArn"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=made["OpenIDConnectProviderArn"])


@pytest.fixture
def trusted(deployment: Deployment, provider: str) -> dict[str, Any]:
    """The statement of a trust policy that admits protected main of one project."""
    host = deployment.site.issuer_host
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{host}:aud": AUDIENCE, f"{host}:sub": MAIN_OF_PAYMENTS}},
    }


@pytest.mark.parametrize(
    ("condition", "value"),
    [("sub", MAIN_OF_PAYMENTS.replace("payments-api", "web")), ("aud", "https://vault.example")],
)
def test_the_target_account_has_the_last_word(brevet: Brevet, trusted: Any, condition: str, value: str) -> None:
    trusted["Condition"]["StringEquals"][f"{brevet.site.issuer_host}:{condition}"] = value
    with _long_role(brevet, trusted) as role_arn:
        brevet.row("long", role_arn=role_arn, via="web_identity", duration_seconds=7200)
        answer = brevet.credentials("long")
    assert_refused(answer, 403, "target_role_refused")
    assert "OIDC provider" in answer.message


def test_a_role_that_trusts_the_provider_alone_cannot_be_assumed_by_brevet(brevet: Brevet, trusted: Any) -> None:
    with _long_role(brevet, trusted) as role_arn:
        brevet.row("long", role_arn=role_arn)
        assert_refused(brevet.credentials("long"), 403, "target_role_refused")


def test_gives_a_session_of_two_hours(brevet: Brevet, trusted: Any) -> None:
    token = brevet.token()
    with _long_role(brevet, trusted) as role_arn:
        brevet.row("long", role_arn=role_arn, via="web_identity", duration_seconds=7200)
        answer = brevet.credentials("long", token)
        assert answer.status == 200, answer.text
        session = Credentials(answer.json["AccessKeyId"], answer.json["SecretAccessKey"], answer.json["SessionToken"])
        caller = client(brevet.site, "sts", session).get_caller_identity()
    remaining = (datetime.fromisoformat(answer.json["Expiration"]) - datetime.now(UTC)).total_seconds()
    assert 7100 < remaining <= 7200
    assert caller["Account"] == answer.json["AccountId"] == TARGET_ACCOUNT
    assert caller["Arn"].endswith(f":assumed-role/long-sessions/{token.session_name}")


def test_a_job_may_ask_for_less_than_the_mapping_gives_and_not_for_more(brevet: Brevet, trusted: Any) -> None:
    with _long_role(brevet, trusted) as role_arn:
        brevet.row("long", role_arn=role_arn, via="web_identity", duration_seconds=3600, max_duration_seconds=10800)
        for seconds in (900, 3600, 10800):
            assert brevet.ask(f"/credentials?role=long&duration_seconds={seconds}", brevet.token()).status == 200
        for seconds in (899, 10801, 43200):
            answer = brevet.ask(f"/credentials?role=long&duration_seconds={seconds}", brevet.token())
            assert_refused(answer, 400, "duration_out_of_range")


@pytest.mark.parametrize(
    "attributes", [{"duration_seconds": 43201}, {"session_tags": ["ref"]}, {"source_identity": "job"}], ids=str
)
def test_refuses_rows_that_promise_what_sts_cannot_give_this_way(brevet: Brevet, attributes: dict[str, Any]) -> None:
    brevet.row("long", via="web_identity", **attributes)
    assert_refused(brevet.credentials("long"), 403, "no_mapping")


def _long_role(brevet: Brevet, trust: dict[str, Any]):
    return role_of_account(brevet.deployment, "long-sessions", policy(allow("ssm:GetParameter")), trust=trust, hours=12)
