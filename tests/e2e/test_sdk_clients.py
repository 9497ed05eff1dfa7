"""The clients of the container-credential contract, with nothing but its two variables."""

import json
import os
import subprocess
import sys
from pathlib import Path

from conftest import Brevet
from local.aws import location
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
    assert "this job presented `feature/x`" in done.stderr


def test_the_answer_serves_credential_process_as_it_is(brevet: Brevet, tmp_path: Path) -> None:
    """For tools that know no container credentials: any command that prints the answer will do."""
    token = brevet.token()
    answer = tmp_path / "answer.json"
    answer.write_text(brevet.credentials("deploy", token).text)
    profile = tmp_path / "config"
    profile.write_text(f"[default]\ncredential_process = cat {answer}\n")
    variables = {**location(brevet.site), "AWS_CONFIG_FILE": str(profile), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", WHO_AM_I], env=variables, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith(f":assumed-role/demo-deployer/{token.session_name}"), done.stderr
