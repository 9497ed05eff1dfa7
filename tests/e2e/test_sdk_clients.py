"""The clients of the container-credential contract, with nothing but its two variables."""

import json

from conftest import Brevet

from local.job import Job

WHO_AM_I = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def test_the_aws_cli_becomes_the_role(brevet: Brevet) -> None:
    token = brevet.token()
    done = Job(brevet.site, token, role="deploy").run("aws", "sts", "get-caller-identity")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Arn"].endswith(f":assumed-role/demo-deployer/{token.session_name}")


def test_boto3_becomes_the_role(brevet: Brevet) -> None:
    token = brevet.token()
    done = Job(brevet.site, token, role="deploy").run("python", "-c", WHO_AM_I)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(f":assumed-role/demo-deployer/{token.session_name}")


def test_boto3_shows_its_user_the_refusal(brevet: Brevet) -> None:
    done = Job(brevet.site, brevet.token(ref="feature/x"), role="deploy").run("python", "-c", WHO_AM_I)
    assert done.returncode != 0
    assert "conditions_not_met" in done.stderr
    assert "feature/x" in done.stderr


def test_the_aws_cli_runs_with_exported_credentials_of_credential_process(brevet: Brevet) -> None:
    done = Job(brevet.site, brevet.token(), role="deploy").run(
        "aws", "configure", "export-credentials", "--format", "process"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["AccessKeyId"].startswith("ASIA")
