"""Tools that know no container credentials: any command that prints Brevet's answer will do as `credential_process`."""

import os
import subprocess
import sys
from pathlib import Path

from conftest import Brevet
from local.aws import location

WHO_AM_I = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def test_the_answer_serves_credential_process_as_it_is(brevet: Brevet, tmp_path: Path) -> None:
    token = brevet.token()
    answer = tmp_path / "answer.json"
    answer.write_text(brevet.credentials("deploy", token).text)
    profile = tmp_path / "config"
    profile.write_text(f"[default]\ncredential_process = cat {answer}\n")
    variables = {**location(brevet.site), "AWS_CONFIG_FILE": str(profile), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", WHO_AM_I], env=variables, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith(f":assumed-role/demo-deployer/{token.session_name}"), done.stderr
