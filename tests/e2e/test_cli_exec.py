"""`brevet exec`: a command becomes the role, whatever the command does, and never sees the ID token."""

import json
import os
import pty
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from conftest import Brevet
from local.gitlab import JobToken
from local.job import PROGRAM, brevet_variables, run_brevet

WHO_AM_I = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
# A command that says what reaches it, and ends when it has been told to.
LISTENER = """
import os, signal, sys, time
def heard(number, frame): os.write(1, (signal.Signals(number).name + "\\n").encode())
for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"):
    signal.signal(getattr(signal, name), heard)
os.write(1, b"listening\\n")
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end: time.sleep(0.05)
sys.exit(7)
"""


def execute(brevet: Brevet, *command: str, token: JobToken | None = None, **variables: str):
    return run_brevet(brevet.site, token or brevet.token(), "exec", "deploy", "--", *command, **variables)


def start(brevet: Brevet, *command: str, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(PROGRAM), "exec", "deploy", "--", *command],
        env=brevet_variables(brevet.site, brevet.token()),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def asked(url: str, token: str | None, method: str = "GET", host: str | None = None) -> tuple[int, dict]:
    request = urllib.request.Request(url, method=method)
    if token is not None:
        request.add_header("Authorization", token)
    if host is not None:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


# Refusals: the command must not even start.


def test_starts_nothing_where_the_role_is_refused(brevet: Brevet, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    done = execute(brevet, "touch", str(trace), token=brevet.token(ref="feature/x"))
    assert done.returncode == 77
    assert done.stderr.startswith("brevet: conditions_not_met: mapping `deploy` requires another `ref`")
    assert "help: docs/pipelines.md#conditions_not_met" in done.stderr
    assert not trace.exists()


def test_says_what_to_do_about_a_token_that_has_expired(brevet: Brevet) -> None:
    done = execute(brevet, "true", token=brevet.token(age=7200, lifetime=3600))
    assert done.returncode == 77
    assert "token_expired" in done.stderr
    assert "`timeout:`" in done.stderr


@pytest.mark.parametrize(
    ("variables", "code", "exit_code"),
    [
        ({"BREVET_ID_TOKEN": ""}, "token_missing", 78),
        ({"BREVET_ID_TOKEN": "$CI_JOB_JWT"}, "token_malformed", 78),
        ({"BREVET_ID_TOKEN": "glcbt-64_abc.def.ghi"}, "token_malformed", 78),
        ({"BREVET_ID_TOKEN_FILE": "/nowhere/token"}, "token_missing", 78),
        ({"BREVET_URL": ""}, "endpoint_missing", 78),
        ({"BREVET_URL": "http://credentials.example.com"}, "endpoint_invalid", 78),
        ({"AWS_CA_BUNDLE": "/nowhere/ca.pem"}, "ca_bundle_invalid", 78),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_names_what_is_set_up_wrongly(brevet: Brevet, variables: dict[str, str], code: str, exit_code: int) -> None:
    done = execute(brevet, "true", **variables)
    assert (done.returncode, done.stderr.split(":")[1].strip()) == (exit_code, code), done.stderr
    assert "help:" in done.stderr


def test_says_the_same_as_json(brevet: Brevet) -> None:
    token = brevet.token(ref="feature/x")
    done = run_brevet(brevet.site, token, "--json", "exec", "deploy", "--", "true")
    said = json.loads(done.stderr)
    assert (said["code"], said["exit_code"], done.returncode) == ("conditions_not_met", 77, 77)
    assert said["denials"][0]["claim"] == "ref"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["exec"],
        ["exec", "deploy"],
        ["exec", "deploy", "--"],
        ["exec", "Deploy", "--", "true"],
        ["exec", "arn:aws:iam::111122223333:role/x", "--", "true"],
        ["exec", "deploy", "--duration", "60", "--", "true"],
        ["exec", "deploy", "--duration", "1e3", "--", "true"],
        ["exec", "deploy", "--session-policy", "/nowhere", "--", "true"],
        ["exec", "deploy", "--token", "eyJ", "--", "true"],
    ],
    ids=" ".join,
)
def test_knows_a_wrong_command_line(brevet: Brevet, arguments: list[str]) -> None:
    done = run_brevet(brevet.site, brevet.token(), *arguments)
    assert done.returncode == 64, done.stderr


# The endpoint that is for the command alone.


def test_serves_the_session_to_nobody_without_the_secret(brevet: Brevet) -> None:
    show = "echo $AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN; read end"
    running = start(brevet, "sh", "-c", show, stdin=subprocess.PIPE)
    assert running.stdout and running.stdin
    url, secret = running.stdout.readline().split()
    port = url.split(":")[2].split("/")[0]
    refusals = [
        ((url, None), 401, "token_missing"),
        ((url, "wrong"), 401, "token_invalid"),
        ((url, secret[:-1]), 401, "token_invalid"),
        ((url, f"{secret}x"), 401, "token_invalid"),
        ((url, f"Bearer {secret}"), 401, "token_invalid"),
        ((url, secret, "POST"), 400, "bad_request"),
        ((url.replace("/session", "/"), secret), 400, "bad_request"),
        ((url, secret, "GET", "evil.example.com"), 403, "not_loopback"),
        ((url, secret, "GET", f"evil.example.com:{port}"), 403, "not_loopback"),
    ]
    for question, status, code in refusals:
        answer = asked(*question)
        assert (answer[0], answer[1]["code"], answer[1]["Code"]) == (status, code, code), question[1:]
        assert answer[1]["message"] == answer[1]["Message"]
        assert "SecretAccessKey" not in str(answer)
    assert asked(url, secret)[1]["Mapping"] == "deploy"
    with socket.create_connection(("127.0.0.1", int(port))) as raw:
        raw.sendall(b"GET /session HTTP/1.1\r\nHost: " + b"x" * 100_000 + b"\r\n\r\n")
        assert b"Secret" not in raw.recv(4096)
    assert asked(url, secret)[0] == 200
    running.communicate("end\n", timeout=10)
    assert running.returncode == 0
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", int(port))):
        pass


def test_keeps_the_id_token_from_the_command_and_from_every_list_of_processes(brevet: Brevet) -> None:
    token = brevet.token()
    variables = {
        "SECOND_TOKEN": token.text,
        "HEADER": f"Bearer {token.text}",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": token.text,
    }
    look = "env; cat /proc/$PPID/cmdline | tr '\\0' ' '"
    done = execute(brevet, "sh", "-c", look, token=token, **variables)
    assert done.returncode == 0, done.stderr
    assert "BREVET_URL=" in done.stdout
    for part in token.text.split("."):
        assert part not in done.stdout + done.stderr
    for name in ["BREVET_ID_TOKEN", "SECOND_TOKEN", "HEADER"]:
        assert f"{name}=" not in done.stdout


def test_takes_away_what_aws_tools_would_prefer(brevet: Brevet, tmp_path: Path) -> None:
    """Each of these would beat the session: the command must become the role all the same."""
    token = brevet.token()
    keys = tmp_path / "credentials"
    keys.write_text("[default]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n")
    variables = {
        "AWS_ACCESS_KEY_ID": "AKIAOTHER",
        "AWS_SECRET_ACCESS_KEY": "other",
        "AWS_PROFILE": "other",
        "AWS_SHARED_CREDENTIALS_FILE": str(keys),
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(keys),
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/other",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/other",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(keys),
    }
    done = execute(brevet, "python", "-c", WHO_AM_I, token=token, **variables)
    assert done.stdout.strip().endswith(f":assumed-role/demo-deployer/{token.session_name}"), done.stderr


# What a command may expect.


@pytest.mark.parametrize(
    "client", [("python", "-c", WHO_AM_I), ("aws", "sts", "get-caller-identity")], ids=["boto3", "cli"]
)
def test_lets_a_command_become_the_role(brevet: Brevet, client: tuple[str, ...]) -> None:
    token = brevet.token()
    done = execute(brevet, *client, token=token)
    assert f":assumed-role/demo-deployer/{token.session_name}" in done.stdout, done.stderr
    assert done.stderr == ""


def test_gives_the_keys_themselves_to_tools_that_know_nothing_else(brevet: Brevet) -> None:
    token = brevet.token()
    look = f'env | grep -c ^AWS_CONTAINER; python -c "{WHO_AM_I}"'
    done = run_brevet(brevet.site, token, "exec", "deploy", "--env", "--", "sh", "-c", look)
    count, arn = done.stdout.split()
    assert (count, arn.split("/")[-1]) == ("0", token.session_name), done.stderr


def test_works_with_the_six_lines_alone(brevet: Brevet) -> None:
    token = brevet.token()
    sdk = {
        "BREVET_URL": "",
        "BREVET_ID_TOKEN": "",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{brevet.site.front_url}/credentials?role=other",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": token.text,
    }
    done = execute(brevet, "python", "-c", WHO_AM_I, token=token, **sdk)
    assert done.stdout.strip().endswith(token.session_name), done.stderr


def test_reads_the_token_from_a_file_and_trims_it(brevet: Brevet, tmp_path: Path) -> None:
    token = brevet.token()
    file = tmp_path / "token"
    file.write_text(f"{token.text}\n")
    done = run_brevet(brevet.site, None, "exec", "deploy", "--token-file", str(file), "--", "python", "-c", WHO_AM_I)
    assert done.stdout.strip().endswith(token.session_name), done.stderr


def test_passes_every_exit_code_through(brevet: Brevet) -> None:
    token = brevet.token()
    codes = [0, 1, 2, 22, 64, 74, 75, 77, 78, 126, 127, 128, 130, 200, 255]
    for code in codes:
        assert execute(brevet, "sh", "-c", f"exit {code}", token=token).returncode == code


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGSEGV"])
def test_tells_which_signal_ended_the_command(brevet: Brevet, name: str) -> None:
    number = getattr(signal, name)
    assert execute(brevet, "sh", "-c", f"kill -{number} $$").returncode == 128 + number


def test_tells_a_missing_command_from_one_that_cannot_run(brevet: Brevet, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("no program")
    for command, code in [("/nowhere/command", 127), ("no-such-command", 127), (str(plain), 126), (str(tmp_path), 126)]:
        done = execute(brevet, command)
        assert (done.returncode, "cannot be started" in done.stderr) == (code, True), (command, done.stderr)


def test_leaves_input_and_output_as_they_are(brevet: Brevet) -> None:
    sent = os.urandom(5 * 1024 * 1024)
    command = [str(PROGRAM), "exec", "deploy", "--", "cat"]
    variables = brevet_variables(brevet.site, brevet.token())
    done = subprocess.run(command, env=variables, input=sent, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout == sent, done.stderr) == (0, True, b"")


def test_does_not_wait_for_what_the_command_leaves_behind(brevet: Brevet) -> None:
    began = time.monotonic()
    done = execute(brevet, "sh", "-c", "sleep 30 >/dev/null 2>&1 & exit 3")
    assert (done.returncode, time.monotonic() - began < 10) == (3, True)


# Signals.


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGINT"])
@pytest.mark.parametrize("to_the_group", [False, True], ids=["process", "group"])
def test_passes_a_signal_on_exactly_once(brevet: Brevet, name: str, to_the_group: bool) -> None:
    """Terraform drops everything at the second interrupt. A runner signals one process or the whole group."""
    running = start(brevet, "python", "-c", LISTENER, "1.5", start_new_session=True)
    assert running.stdout
    assert running.stdout.readline() == "listening\n"
    (os.killpg if to_the_group else os.kill)(running.pid, getattr(signal, name))
    said, _ = running.communicate(timeout=20)
    assert (said.split(), running.returncode) == ([name], 7)


def test_ends_as_a_command_does_that_obeys_the_signal(brevet: Brevet) -> None:
    running = start(brevet, "sh", "-c", "echo started; exec sleep 30", start_new_session=True)
    assert running.stdout
    running.stdout.readline()
    running.terminate()
    running.communicate(timeout=10)
    assert running.returncode == 128 + signal.SIGTERM


def test_leaves_a_signal_ignored_that_was_ignored_before(brevet: Brevet) -> None:
    """As `nohup` does it: the command survives, because it was meant to."""
    command = ["nohup", str(PROGRAM), "exec", "deploy", "--", "sh", "-c", "echo started; sleep 1; exit 7"]
    variables = brevet_variables(brevet.site, brevet.token())
    running = subprocess.Popen(
        command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert running.stdout
    assert running.stdout.readline() == b"started\n"
    os.killpg(running.pid, signal.SIGHUP)
    running.communicate(timeout=20)
    assert running.returncode == 7


def test_lets_ctrl_c_reach_the_command_exactly_once(brevet: Brevet) -> None:
    """In a terminal the command stays in the foreground, where the terminal itself interrupts it."""
    command = [str(PROGRAM), "exec", "deploy", "--", "python", "-c", LISTENER, "1.5"]
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PROGRAM, command, brevet_variables(brevet.site, brevet.token()))
    said = b""
    while b"listening" not in said:
        said += os.read(terminal, 1024)
    os.write(terminal, b"\x03")
    while True:
        try:
            said += os.read(terminal, 1024)
        except OSError:
            break
    _, status = os.waitpid(child, 0)
    assert (said.count(b"SIGINT"), os.waitstatus_to_exitcode(status)) == (1, 7), said
