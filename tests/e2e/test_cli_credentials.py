"""`brevet credentials` and `brevet whoami`: each form is taken by the client it is for."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Brevet
from local.aws import location
from local.job import PROGRAM, brevet_variables, run_brevet

WHO_AM_I = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def credentials(brevet: Brevet, form: str, **job: str) -> subprocess.CompletedProcess[str]:
    return run_brevet(brevet.site, brevet.token(**job), "credentials", "deploy", "--format", form)


@pytest.mark.parametrize("form", ["json", "process", "env", "dotenv"])
def test_prints_nothing_where_the_role_is_refused(brevet: Brevet, form: str) -> None:
    done = credentials(brevet, form, ref="feature/x")
    assert (done.returncode, done.stdout) == (77, "")
    assert "conditions_not_met" in done.stderr


@pytest.mark.parametrize("arguments", [["deploy"], ["deploy", "--format", "xml"], ["--format", "json"]], ids=" ".join)
def test_knows_a_wrong_command_line(brevet: Brevet, arguments: list[str]) -> None:
    assert run_brevet(brevet.site, brevet.token(), "credentials", *arguments).returncode == 64


def test_shows_no_secret_on_a_terminal(brevet: Brevet) -> None:
    child, terminal = pty.fork()
    if child == 0:
        variables = brevet_variables(brevet.site, brevet.token())
        os.execve(PROGRAM, [str(PROGRAM), "credentials", "deploy", "--format", "env"], variables)
    said = b""
    while True:
        try:
            said += os.read(terminal, 1024)
        except OSError:
            break
    _, status = os.waitpid(child, 0)
    assert (os.waitstatus_to_exitcode(status), b"AWS_" in said) == (64, False), said


def test_warns_that_gitlab_masks_nothing_of_a_dotenv_file(brevet: Brevet) -> None:
    done = credentials(brevet, "dotenv")
    assert done.returncode == 0
    assert "GitLab masks nothing" in done.stderr


def test_says_when_the_output_cannot_be_written(brevet: Brevet) -> None:
    command = [str(PROGRAM), "credentials", "deploy", "--format", "json"]
    variables = brevet_variables(brevet.site, brevet.token())
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, env=variables, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "output_failed" in done.stderr) == (78, True)


def test_a_shell_takes_env(brevet: Brevet) -> None:
    token = brevet.token()
    script = f'eval "$({PROGRAM} credentials deploy --format env)"; python -c "{WHO_AM_I}"'
    command = ["bash", "-euc", script]
    done = subprocess.run(
        command, env=brevet_variables(brevet.site, token), capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith(f":assumed-role/demo-deployer/{token.session_name}"), done.stderr


def test_a_file_of_variables_takes_dotenv(brevet: Brevet) -> None:
    lines = dict(line.split("=", 1) for line in credentials(brevet, "dotenv").stdout.splitlines())
    variables = {**location(brevet.site), **lines, "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", WHO_AM_I], env=variables, capture_output=True, text=True, check=False)
    assert ":assumed-role/demo-deployer/gl-4711-" in done.stdout, done.stderr


def test_an_sdk_takes_credential_process_and_shows_its_user_the_refusal(brevet: Brevet, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {PROGRAM} credentials deploy --format process\n")
    for ref, sign in [("main", ":assumed-role/demo-deployer/gl-4711-"), ("feature/x", "conditions_not_met")]:
        variables = {**brevet_variables(brevet.site, brevet.token(ref=ref)), "AWS_CONFIG_FILE": str(config)}
        command = [sys.executable, "-c", WHO_AM_I]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert sign in done.stdout + done.stderr


def test_json_is_the_answer_of_brevet(brevet: Brevet) -> None:
    token = brevet.token()
    done = run_brevet(brevet.site, token, "credentials", "deploy", "--format", "json", "--duration", "900")
    answer = json.loads(done.stdout)
    assert set(answer) == set(brevet.credentials("deploy", token).json)
    assert answer["AssumedRoleArn"].endswith(token.session_name)


def test_shows_the_verified_identity_of_the_job(brevet: Brevet) -> None:
    token = brevet.token()
    shown = run_brevet(brevet.site, token, "whoami")
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines())
    assert (lines["project_id"], lines["job_id"], lines["ref"]) == ("4711", str(token.claims["job_id"]), "main")
    as_json = run_brevet(brevet.site, token, "whoami", "--json")
    assert json.loads(as_json.stdout)["job_id"] == lines["job_id"]


def test_shows_no_identity_that_is_not_verified(brevet: Brevet) -> None:
    done = run_brevet(brevet.site, brevet.token(audience=["https://vault.example.com"]), "whoami")
    assert (done.returncode, done.stdout) == (77, "")
    assert "token_invalid" in done.stderr


def test_teaches(brevet: Brevet) -> None:
    for arguments in [["--help"], ["help", "exec"], ["exec", "--help"], ["doctor", "--help"], ["--version"]]:
        done = run_brevet(brevet.site, None, *arguments)
        assert (done.returncode, done.stderr) == (0, ""), arguments
    long = run_brevet(brevet.site, None, "--help").stdout
    for code in [22, 64, 74, 75, 77, 78]:
        assert f"\n   {code}  " in long
    for name in ["BREVET_URL", "BREVET_ID_TOKEN_FILE", "BREVET_ID_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"]:
        assert name in long
