"""Brevet deploys Brevet: the deployment job of its own pipeline, run with credentials from the Brevet that is there."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Brevet
from gitlab_pipeline import Checkout, Pipeline, project
from local.aws import administrator, client
from local.cdk import INFRA, run_cdk
from local.deployment import Deployment, grant_streams_by_group
from local.site import ACCOUNT, AUDIENCE, REGION, ROOT

# The project that stands for Brevet's own: the other one deploys to another account.
PROJECT = "4712"
STACK = "Brevet-own"


@pytest.fixture
def account(deployment: Deployment) -> Iterator[None]:
    """What is set up by hand first: the two roles and the log, in Brevet's own account."""
    command = ["deploy", "--all", "--require-approval", "never"]
    settings = {"BREVET_PIPELINE_PROJECT_IDS": PROJECT}
    run_cdk(deployment.site, "own-pipeline", ACCOUNT, command, INFRA / "examples" / "cdk-pipeline", settings)
    grant_streams_by_group(deployment.site, ACCOUNT)
    yield
    cloudformation = client(deployment.site, "cloudformation", administrator(deployment.site))
    cloudformation.delete_stack(StackName=STACK)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Brevet's repository, as far as the job needs it, after the job that built the functions."""
    shutil.copy(ROOT / "Cargo.lock", tmp_path)
    shutil.copytree(INFRA, tmp_path / "infra", ignore=shutil.ignore_patterns("node_modules", "cdk.out*", "test"))
    (tmp_path / "infra" / "node_modules").symlink_to(INFRA / "node_modules")
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "lambda").symlink_to(ROOT / "target" / "lambda")
    # `npm ci` has been done.
    npm = tmp_path / "image" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\n")
    npm.chmod(0o755)
    return project(tmp_path, (ROOT / ".gitlab-ci.yml").read_text()).with_programs(npm.parent, ROOT / "target" / "debug")


@pytest.mark.usefixtures("account")
def test_the_pipeline_of_brevet_deploys_a_brevet(brevet: Brevet, checkout: Checkout) -> None:
    brevet.row("cdk-deploy", project=int(PROJECT), role_arn=f"arn:aws:iam::{ACCOUNT}:role/brevet/cdk-deploy")
    token = brevet.token(project="nordwind/platform/web", environment="dev")
    variables = {
        "BREVET_URL": brevet.site.front_url,
        "BREVET_AUDIENCE": AUDIENCE,
        "BREVET_ACCOUNT": ACCOUNT,
        "BREVET_REGION": REGION,
        "BREVET_ENVIRONMENT": STACK.removeprefix("Brevet-"),
        "BREVET_ISSUERS": json.dumps([{"issuer": "https://gitlab.example.com", "audiences": [AUDIENCE]}]),
        "BREVET_GATEWAY_LOG_ROLE": "existing",
        "CDK_VALIDATION": "false",
    }
    ended = Pipeline(brevet.site, checkout, token, variables).run("deploy-dev")
    assert ended.status == 0, ended.screen
    assert "[+] AWS::ApiGateway::RestApi" in (checkout.folder / "deploy-dev.diff").read_text()
    cloudformation = client(brevet.site, "cloudformation", administrator(brevet.site))
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert f"VendingRoleArn = arn:aws:iam::{ACCOUNT}:role/Brevet-own-credentials-{REGION}" in ended.screen
