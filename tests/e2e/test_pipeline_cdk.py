"""A CDK app from merge request to deployment: with vended credentials, through the roles of `cdk bootstrap`."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from conftest import Brevet
from gitlab_pipeline import Checkout, Pipeline, clone
from local.aws import administrator, client
from local.deployment import Deployment
from local.gitlab import JobToken
from local.site import ROOT, TARGET_ACCOUNT


@pytest.fixture(scope="module")
def checkout(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """The project's clone, on an image that has `brevet`. What it deploys is gone when the tests are over."""
    yield clone(tmp_path_factory.mktemp("payments-api")).with_programs(ROOT / "target" / "debug")
    cloudformation = client(deployment.site, "cloudformation", administrator(deployment.site, TARGET_ACCOUNT))
    cloudformation.delete_stack(StackName="ReleaseNotes")


@pytest.mark.parametrize(
    ("job", "claims", "said"),
    [
        (
            "cdk-deploy",
            {"ref": "feature/x"},
            "mapping `cdk-deploy` requires another `ref`: this job presented `feature/x`",
        ),
        ("cdk-deploy", {"source": "merge_request_event", "ref": "feature/x"}, "this job presented `feature/x`"),
        ("cdk-deploy", {"source": "schedule"}, "requires another `pipeline_source`: this job presented `schedule`"),
        (
            "cdk-diff",
            {"source": "merge_request_event", "fork": True},
            "no mapping `cdk-diff` is in force for project 9902",
        ),
        (
            "cdk-diff-without-log",
            {"source": "merge_request_event", "fork": True},
            "no mapping `cdk-diff` is in force for project 9902",
        ),
        ("cdk-diff", {"project": "nordwind/platform/web", "source": "merge_request_event"}, "no_mapping"),
    ],
    ids=["unprotected branch", "merge request", "schedule", "fork", "fork, without log", "another project"],
)
def test_a_job_without_the_right_reads_why_and_runs_nothing(
    brevet: Brevet, checkout: Checkout, job: str, claims: dict[str, Any], said: str
) -> None:
    ended = Pipeline(brevet.site, checkout, brevet.token(**claims)).run(job)
    assert "FAIL 77" in ended.screen
    assert said in ended.screen
    assert "ReleaseNotes" not in ended.screen


def test_a_merge_request_sees_what_it_would_change_and_cannot_change_it(brevet: Brevet, checkout: Checkout) -> None:
    token = brevet.token(source="merge_request_event", ref="feature/x")
    pipeline = Pipeline(brevet.site, checkout, token)
    ended = pipeline.run("cdk-diff")
    assert ended.status == 0, ended.screen
    diff = (checkout.folder / "cdk-diff.diff").read_text()
    assert "[+] AWS::SSM::Parameter Motto" in diff
    assert "Number of stacks with differences: 1" in diff
    assert steps(brevet, token) == [("cdk synth", 0), ("cdk diff", 0)]

    tried = pipeline.run("deploy-with-the-role-that-looks")
    assert tried.status != 0
    assert "not authorized" in tried.screen
    with pytest.raises(ClientError, match="ParameterNotFound"):
        motto(brevet)


def test_protected_main_deploys_through_the_bootstrap_roles(brevet: Brevet, checkout: Checkout) -> None:
    token = brevet.token()
    ended = Pipeline(brevet.site, checkout, token).run("cdk-deploy")
    assert ended.status == 0, ended.screen
    assert motto(brevet) == "steady as she goes"
    assert "[+] AWS::SSM::Parameter Motto" in (checkout.folder / "cdk-deploy.diff").read_text()
    assert steps(brevet, token) == [("cdk synth", 0), ("cdk diff", 0), ("cdk deploy", 0)]


def motto(brevet: Brevet) -> str:
    """What the app deploys."""
    parameters = client(brevet.site, "ssm", administrator(brevet.site, TARGET_ACCOUNT))
    return parameters.get_parameter(Name="/release-notes/motto")["Parameter"]["Value"]


def steps(brevet: Brevet, token: JobToken) -> list[tuple[str, int]]:
    """Command and exit code of each step in the job's stream, each with its output between start and end."""
    claims = token.claims
    stream = f"{claims['project_id']}/{claims['pipeline_id']}/{claims['job_id']}"
    logs = client(brevet.site, "logs", administrator(brevet.site, TARGET_ACCOUNT))
    group = brevet.deployment.outputs["PipelineLogGroup"]
    found = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
    events = [json.loads(event["message"]) for event in found]
    by_step: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_step.setdefault(event["step"], []).append(event)
    assert all([of_step[0]["event"], of_step[-1]["event"]] == ["start", "end"] for of_step in by_step.values())
    return [(" ".join(first["command"][2:4]), last["exit_code"]) for first, *_, last in by_step.values()]
