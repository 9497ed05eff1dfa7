"""STS fails, while the deployed function runs: rows `sts-*` of docs/faults.md."""

from collections.abc import Iterator

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with
from local.aws import administrator, client
from local.deployment import Deployment
from local.site import AUDIENCE, TARGET_ACCOUNT
from roles import allow, policy, role_of_account
from tests.faults.aws import aws_with_faults, sts_error
from tests.faults.behaviours import once
from tests.faults.fault import Fault
from tests.faults.server import Behaviour, FaultServer
from tests.faults.sts import ASSUME_ROLE, EITHER, UNAVAILABLE, WEB_IDENTITY
from under_fault import ask_credentials, ask_route, assert_said, every_variant, first_variant, open_again


@pytest.fixture(scope="module")
def sts(deployment: Deployment) -> Iterator[FaultServer]:
    with (
        aws_with_faults(deployment.site) as server,
        credentials_function_with(deployment, AWS_ENDPOINT_URL_STS=server.url),
    ):
        assert open_again(Brevet(deployment))
        yield server


@pytest.fixture(autouse=True)
def mended(sts: FaultServer) -> Iterator[None]:
    yield
    sts.mend()


@pytest.fixture(scope="module")
def long_role(deployment: Deployment) -> Iterator[str]:
    """A role that trusts GitLab itself: Brevet passes the job's token on."""
    iam = client(deployment.site, "iam", administrator(deployment.site, TARGET_ACCOUNT))
    made = iam.create_open_id_connect_provider(Url=deployment.site.issuer, ClientIDList=[AUDIENCE])
    provider = made["OpenIDConnectProviderArn"]
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{deployment.site.issuer_host}:aud": AUDIENCE}},
    }
    permissions = policy(allow("ssm:GetParameter"))
    with role_of_account(deployment, "faulty-sessions", permissions, trust=trust, hours=2) as role_arn:
        yield role_arn
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)


@pytest.mark.parametrize(("fault", "behaviour", "variant"), every_variant(EITHER + ASSUME_ROLE))
def test_sts_fails(brevet: Brevet, sts: FaultServer, fault: Fault, behaviour: Behaviour, variant: str) -> None:
    brevet.row("tagged", session_tags=["ref"])
    sts.behave("AssumeRole", behaviour)
    assert_said(ask_credentials(brevet, "?role=tagged"), fault.job, brevet, fault.logged.format(variant))
    sts.mend()
    assert brevet.credentials("tagged").status == 200


@pytest.mark.parametrize(("fault", "behaviour", "variant"), first_variant(EITHER) + every_variant(WEB_IDENTITY))
def test_sts_fails_a_job_whose_own_token_it_is_shown(
    brevet: Brevet, sts: FaultServer, long_role: str, fault: Fault, behaviour: Behaviour, variant: str
) -> None:
    brevet.row("long", role_arn=long_role, via="web_identity", duration_seconds=7200)
    sts.behave("AssumeRoleWithWebIdentity", behaviour)
    token = brevet.token()
    seen = ask_credentials(brevet, "?role=long", token)
    assert_said(seen, fault.job, brevet, fault.logged.format(variant))
    assert [part for part in token.text.split(".")[1:] if part in str(seen.lines)] == []
    sts.mend()
    assert brevet.credentials("long").status == 200


def test_nothing_listens_where_sts_is(brevet: Brevet, sts: FaultServer) -> None:
    sts.refuse()
    try:
        assert_said(ask_credentials(brevet), UNAVAILABLE, brevet, "no connection")
        assert ask_route(brevet).answer.status == 200, "an authorizer does not ask STS"
    finally:
        sts.listen()
    assert open_again(brevet)


def test_tags_for_auditors_are_left_out_where_they_do_not_fit(brevet: Brevet, sts: FaultServer) -> None:
    brevet.row("tagged", session_tags=["ref"])
    asked = sts.count("AssumeRole")
    sts.behave("AssumeRole", once(sts_error("PackedPolicyTooLarge")))
    seen = ask_credentials(brevet, "?role=tagged")
    assert seen.answer.status == 200
    assert sts.count("AssumeRole") == asked + 2
    assert seen.audit["dropped_tags"] == ["gitlab_ref"], "and none that trust policies rest on"


def test_a_callers_own_policy_that_does_not_fit_is_the_callers_affair(brevet: Brevet, sts: FaultServer) -> None:
    sts.behave("AssumeRole", sts_error("PackedPolicyTooLarge"))
    body = {"role": "deploy", "session_policy": policy(allow("ssm:GetParameter"))}
    seen = ask_credentials(brevet, path="", method="POST", body=body)
    assert_refused(seen.answer, 400, "session_policy_invalid")


@pytest.mark.parametrize("code", ["InternalFailure", "Throttling"])
def test_a_use_is_given_back_when_sts_gives_no_session(brevet: Brevet, sts: FaultServer, code: str) -> None:
    brevet.row("once", max_uses_per_token=1)
    token = brevet.token()
    sts.behave("AssumeRole", sts_error(code, status=500))
    assert ask_credentials(brevet, "?role=once", token).answer.status in (429, 503)
    sts.mend()
    assert brevet.credentials("once", token).status == 200
    assert_refused(brevet.credentials("once", token), 403, "token_already_used")
