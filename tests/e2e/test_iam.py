"""IAM has the last word: over the job, over the function, over the target role."""

import pytest
from botocore.exceptions import ClientError

from conftest import Brevet
from local.aws import Credentials, administrator, client
from local.site import TARGET_ACCOUNT


def test_the_session_may_do_what_its_role_may(brevet: Brevet) -> None:
    parameter = brevet.deployment.outputs["ReleaseChannelParameter"]
    assert client(brevet.site, "ssm", _session(brevet)).get_parameter(Name=parameter)["Parameter"]["Value"] == "stable"


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("s3", "list_buckets", {}),
        ("ssm", "get_parameter", {"Name": "/brevet/local/role-path"}),
        ("ssm", "put_parameter", {"Name": "/brevet-demo/local/release-channel", "Value": "x", "Overwrite": True}),
        ("iam", "list_roles", {}),
        ("sts", "assume_role", {"RoleArn": "arn:aws:iam::444455556666:role/brevet/demo-other-project"}),
    ],
)
def test_the_session_may_do_nothing_else(brevet: Brevet, service: str, call: str, arguments: dict[str, object]) -> None:
    if call == "assume_role":
        arguments = {**arguments, "RoleSessionName": "onwards"}
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(client(brevet.site, service, _session(brevet)), call)(**arguments)


def test_the_session_carries_the_jobs_ids_as_tags(brevet: Brevet) -> None:
    """The role's own trust policy pins two of them, so it opens only if they were sent."""
    iam = client(brevet.site, "iam", administrator(brevet.site, TARGET_ACCOUNT))
    trust = iam.get_role(RoleName="demo-deployer")["Role"]["AssumeRolePolicyDocument"]
    pinned = trust["Statement"][0]["Condition"]["StringEquals"]
    assert pinned["aws:RequestTag/gitlab_project_id"] in ("4711", ["4711"])
    assert pinned["aws:RequestTag/gitlab_ref_protected"] == "true"
    assert brevet.credentials("deploy").status == 200


def test_a_row_cannot_open_a_role_whose_owner_wants_protected_refs(brevet: Brevet) -> None:
    brevet.row("careless", conditions={"ref": "*"}, allow_unprotected=True)
    answer = brevet.credentials("careless", brevet.token(ref="anything"))
    assert (answer.status, answer.code) == (403, "target_role_refused")


def test_nobody_but_the_vending_role_may_assume_a_brokered_role(brevet: Brevet) -> None:
    sts = client(brevet.site, "sts", administrator(brevet.site))
    with pytest.raises(ClientError, match="AccessDenied"):
        sts.assume_role(
            RoleArn=brevet.deployer,
            RoleSessionName="short-cut",
            Tags=[
                {"Key": "gitlab_project_id", "Value": "4711"},
                {"Key": "gitlab_ref_protected", "Value": "true"},
            ],
        )


def _session(brevet: Brevet) -> Credentials:
    body = brevet.credentials("deploy").json
    return Credentials(body["AccessKeyId"], body["SecretAccessKey"], body["SessionToken"])
