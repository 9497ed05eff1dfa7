"""`brevet exec --log-group`: what a step was, wrote and came to is in CloudWatch, and nothing secret is."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from conftest import Brevet
from local.aws import administrator, client
from local.front import Stage
from local.gitlab import JobToken
from local.job import PROGRAM, brevet_variables
from local.site import TARGET_ACCOUNT
from tests.clients.door import FaultyDoor

PATIENCE_SECONDS = 60
REDACTED = "[redacted]"


@dataclass
class Log:
    """The log group that the CDK example deploys, as its owner sees it."""

    brevet: Brevet
    group: str
    token: JobToken

    @property
    def job(self) -> dict[str, str]:
        return {name: self.token.claims[name] for name in ("project_id", "pipeline_id", "job_id")}

    @property
    def stream(self) -> str:
        return f"{self.job['project_id']}/{self.job['pipeline_id']}/{self.job['job_id']}"

    def command(self, *command: str, role: str = "cdk-deploy", options: Sequence[str] | None = None) -> list[str]:
        options = ("--log-group", self.group) if options is None else options
        return [str(PROGRAM), "exec", role, *options, "--", *command]

    def environment(self, **variables: str) -> dict[str, str]:
        return {**brevet_variables(self.brevet.site, self.token), **variables}

    def run(
        self, *command: str, role: str = "cdk-deploy", options: Sequence[str] | None = None, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return _run(self.command(*command, role=role, options=options), self.environment(**variables))

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*command), env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def events(self) -> list[dict]:
        logs = client(self.brevet.site, "logs", administrator(self.brevet.site, TARGET_ACCOUNT))
        messages, token = [], {}
        while True:
            page = logs.get_log_events(logGroupName=self.group, logStreamName=self.stream, startFromHead=True, **token)
            messages += page["events"]
            if not page["events"] or page["nextForwardToken"] == token.get("nextToken"):
                return [json.loads(event["message"]) for event in messages]
            token = {"nextToken": page["nextForwardToken"]}

    def lines(self, stream: str = "stdout") -> list[str]:
        return [event["line"] for event in self.events() if event.get("stream") == stream]

    def await_events(self, wanted: int) -> list[dict]:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(ClientError):  # There is no stream yet.
                if len(events := self.events()) >= wanted:
                    return events
            time.sleep(0.2)
        raise AssertionError(f"there are no {wanted} events in time")


@pytest.fixture
def log(brevet: Brevet) -> Log:
    """The log of a job of its own."""
    return Log(brevet, brevet.deployment.outputs["PipelineLogGroup"], brevet.token())


@pytest.fixture
def any_group(brevet: Brevet) -> Iterator[None]:
    """The role may write to groups that are not there: without that, IAM refuses before anybody looks for the group."""
    iam = client(brevet.site, "iam", administrator(brevet.site, TARGET_ACCOUNT))
    statement = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="cdk-deploy", PolicyName="any-group", PolicyDocument=document)
    yield
    iam.delete_role_policy(RoleName="cdk-deploy", PolicyName="any-group")


def _run(command: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


def python(script: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script, *arguments)


# Without a log nothing runs.


@pytest.mark.parametrize(
    ("arguments", "variables", "exit_code", "code"),
    [
        (("--log-group", "/brevet/nowhere"), {}, 78, "log_group_missing"),
        (("--log-group", "not a name"), {}, 64, "log_group_invalid"),
        (("--log-region", "eu-central-1"), {}, 78, "log_group_missing"),
        ((), {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, 78, "log_region_missing"),
        ((), {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": "https://127.0.0.1:1"}, 75, "log_unavailable"),
    ],
)
@pytest.mark.usefixtures("any_group")
def test_starts_nothing_that_cannot_be_logged(
    log: Log, arguments: tuple[str, ...], variables: dict[str, str], exit_code: int, code: str, tmp_path: Path
) -> None:
    trace = tmp_path / "it-ran"
    options = arguments if "--log-group" in arguments else ("--log-group", log.group, *arguments)
    outcome = log.run("touch", str(trace), options=options, **variables)
    assert (outcome.returncode, f"brevet: {code}: " in outcome.stderr) == (exit_code, True), outcome.stderr
    assert not trace.exists()


def test_starts_nothing_where_the_role_may_not_write_the_log(log: Log, tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"
    outcome = log.run("touch", str(trace), role="deploy")
    assert (outcome.returncode, "brevet: log_denied: " in outcome.stderr) == (77, True), outcome.stderr
    assert not trace.exists()


# What is not to be in it.


def test_logs_no_credentials_and_no_token_that_a_command_prints(log: Log) -> None:
    script = """
import base64, boto3, json, os, urllib.request
print(json.dumps(dict(os.environ), indent=1))
url, secret = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
body = urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": secret})).read().decode()
print(body)
session = json.loads(body)
for value in (secret, session["SecretAccessKey"], session["Token"]):
    print("plain", value)
    print("basic", base64.b64encode(b"user:" + value.encode()).decode())
    print("\\x1b[1m" + value[:9] + "\\x1b[0m" + value[9:])
print(os.environ["BACKWARDS"][::-1])
print(os.environ["DEPLOY_PASSWORD"])
print("secrets:" + ",".join([secret, session["SecretAccessKey"], session["Token"]]))
"""
    outcome = log.run(*python(script), BACKWARDS=log.token.text[::-1], DEPLOY_PASSWORD="correct-horse-battery")
    assert outcome.returncode == 0, outcome.stderr
    secrets = outcome.stdout.splitlines()[-1].removeprefix("secrets:").split(",")
    logged = json.dumps(log.events())
    for secret in (*secrets, log.token.text, "correct-horse-battery"):
        assert secret in outcome.stdout
        assert secret not in logged
        assert secret[4:24] not in logged
    assert logged.count(REDACTED) > 10


def test_knows_the_secrets_of_each_session_that_a_long_command_has(log: Log) -> None:
    script = """
import json, os, urllib.request
url, secret = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
for _ in range(3):
    session = json.load(urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": secret})))
    print(session["SecretAccessKey"], session["Token"])
"""
    site = log.brevet.site
    # Sessions that are said to end within the minute are fetched anew at every use.
    with FaultyDoor(Stage(log.brevet.deployment.api_url, site.ca_bundle), lifetime=timedelta(seconds=50)) as door:
        outcome = log.run(*python(script), BREVET_URL=door.url)
    assert outcome.returncode == 0, outcome.stderr
    assert len(set(outcome.stdout.splitlines())) == 3
    assert log.lines() == [f"{REDACTED} {REDACTED}"] * 3


def test_keeps_the_secrets_of_the_command_line_out(log: Log) -> None:
    assert log.run("true", "--db-password", "hunter2", "Stack:ApiToken=hunter3").returncode == 0
    start = log.events()[0]
    assert start["command"] == ["true", "--db-password", REDACTED, f"Stack:ApiToken={REDACTED}"]


# What is to be in it.


def test_logs_what_ran_for_which_job_and_how_it_ended(log: Log) -> None:
    outcome = log.run(
        "sh", "-c", "echo out; echo err >&2; exit 3", CI_PROJECT_ID="1", CI_JOB_ID="2", CI_PIPELINE_ID="3"
    )
    assert (outcome.returncode, outcome.stdout) == (3, "out\n"), outcome.stderr
    start, *output, end = log.events()
    assert {name: start[name] for name in log.job} == log.job
    assert start["event"] == "start"
    assert start["command"] == ["sh", "-c", "echo out; echo err >&2; exit 3"]
    assert (start["mapping"], start["session_name"]) == ("cdk-deploy", "gl-" + log.stream.replace("/", "-"))
    assert start["role_arn"] == log.brevet.deployment.outputs["CdkDeployRoleArn"]
    assert start["request_id"]
    assert sorted((event["stream"], event["line"]) for event in output) == [("stderr", "err"), ("stdout", "out")]
    assert sorted(event["sequence"] for event in output) == [1, 2]
    assert (end["event"], end["exit_code"], end["lines"], end["bytes"], end["missing"]) == ("end", 3, 2, 8, 0)
    assert len({event["step"] for event in [start, *output, end]}) == 1


def test_prints_where_a_person_finds_the_log(log: Log) -> None:
    outcome = log.run("true")
    group, stream = (name.replace("/", "$252F") for name in (log.group, log.stream))
    assert f"#logsV2:log-groups/log-group/{group}/log-events/{stream}\n" in outcome.stderr, outcome.stderr


def test_appends_the_steps_of_a_job_to_one_stream(log: Log) -> None:
    for text in ("synth", "deploy"):
        assert log.run("echo", text, options=(), BREVET_LOG_GROUP=log.group).returncode == 0
    events = log.events()
    assert [event["event"] for event in events] == ["start", "output", "end"] * 2
    assert log.lines() == ["synth", "deploy"]
    assert len({event["step"] for event in events}) == 2


@pytest.mark.parametrize(
    ("command", "exit_code", "end"),
    [
        (("sh", "-c", "kill -9 $$"), 137, {"signal": "SIGKILL"}),
        (("sh", "-c", "exit 74"), 74, {"exit_code": 74}),
        (("/no/such/command",), 127, {"not_started": 127}),
        (("/",), 126, {"not_started": 126}),
    ],
)
def test_logs_how_a_command_failed(log: Log, command: tuple[str, ...], exit_code: int, end: dict) -> None:
    outcome = log.run(*command)
    assert outcome.returncode == exit_code, outcome.stderr
    last = log.events()[-1]
    assert last["event"] == "end"
    assert end.items() <= last.items()


def test_logs_the_end_of_a_job_that_is_cancelled(log: Log) -> None:
    job = log.start("sh", "-c", "echo begun; sleep 60")
    assert job.stdout and job.stdout.readline() == "begun\n"
    job.send_signal(signal.SIGTERM)
    assert job.wait(PATIENCE_SECONDS) == 128 + signal.SIGTERM
    *_, output, end = log.events()
    assert (output["line"], end["signal"]) == ("begun", "SIGTERM")


def test_has_the_log_of_a_job_that_is_killed_up_to_the_last_second(log: Log) -> None:
    job = log.start("sh", "-c", "echo begun; sleep 20")
    events = log.await_events(2)
    job.kill()
    job.wait(PATIENCE_SECONDS)
    assert [event["event"] for event in events] == ["start", "output"]


def test_passes_large_output_on_unchanged_and_logs_all_of_it_in_order(log: Log) -> None:
    script = """
import os, sys
for number in range(60_000):
    sys.stdout.write(f"{number:06} {'x' * 80}\\r\\n" if number % 7 else f"{number:06} \\u2705\\n")
sys.stdout.flush()
os.write(1, b"z" * 400_000 + b"\\xff\\n")
"""
    outcome = subprocess.run(
        log.command(*python(script)), env=log.environment(), capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
    direct = subprocess.run(python(script), env=log.environment(), capture_output=True, check=True)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == direct.stdout
    events = [event for event in log.events() if event["event"] == "output"]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    whole = "".join(event["line"] + ("" if event.get("continues") else "\n") for event in events)
    assert whole == direct.stdout.decode(errors="replace").replace("\r\n", "\n")


def test_does_not_wait_for_what_the_command_leaves_behind(log: Log) -> None:
    began = time.monotonic()
    outcome = log.run("sh", "-c", "sleep 30 & echo -n left one behind")
    assert (outcome.returncode, outcome.stdout) == (0, "left one behind")
    assert time.monotonic() - began < 15
    assert log.lines() == ["left one behind"]


def test_is_not_held_up_by_what_goes_on_writing(log: Log) -> None:
    """It would be for as long as the log may take, and end as incomplete."""
    chatter = "import time\nfor _ in range(15_000): print('still there', flush=True); time.sleep(0.001)"
    began = time.monotonic()
    outcome = log.run("sh", "-c", '"$@" & sleep 0.2', "-", *python(chatter))
    assert (outcome.returncode, "log_incomplete" in outcome.stderr) == (0, False), outcome.stderr
    assert time.monotonic() - began < 14
    assert log.events()[-1]["missing"] == 0


def test_logs_a_command_that_takes_the_keys_themselves(log: Log) -> None:
    script = "echo key=$AWS_SECRET_ACCESS_KEY token=$AWS_SESSION_TOKEN"
    outcome = log.run("sh", "-c", script, options=("--env", "--log-group", log.group))
    assert outcome.returncode == 0, outcome.stderr
    assert log.lines() == [f"key={REDACTED} token={REDACTED}"]


def test_ends_as_a_reader_that_goes_away_wants_it(log: Log) -> None:
    outcome = _run(["sh", "-c", '"$@" | head -n 1', "-", *log.command("yes", "line")], log.environment())
    assert outcome.stdout == "line\n", outcome.stderr
    assert log.events()[-1]["event"] == "end"
