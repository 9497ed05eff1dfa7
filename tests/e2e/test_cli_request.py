"""`brevet request`: AWS IAM admits the session and refuses everything else."""

import json
import subprocess
from pathlib import Path

import pytest

from conftest import Brevet
from local.job import PROGRAM, run_brevet
from local.site import REGION
from scripted_brevet import Scripted, refusal, scripted_brevet, session


@pytest.fixture(params=["rest", "http"])
def ledger(brevet: Brevet, request: pytest.FixtureRequest) -> str:
    """The address of one of the two APIs that IAM protects, with rows for its two roles."""
    brevet.row("reader", role_arn=brevet.deployment.outputs["LedgerReaderRoleArn"])
    brevet.row("writer", role_arn=brevet.deployment.outputs["LedgerWriterRoleArn"])
    return brevet.deployment.ledger_url if request.param == "rest" else brevet.deployment.ledger_http_url


def send(brevet: Brevet, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_brevet(brevet.site, brevet.token(), "request", *arguments, **variables)


def test_tells_a_refusal_by_iam_from_one_by_brevet(brevet: Brevet, ledger: str) -> None:
    by_iam = send(brevet, "POST", f"{ledger}/entries", "--role", "reader", "--data", "{}")
    assert (by_iam.returncode, "request_refused: POST" in by_iam.stderr) == (77, True), by_iam.stderr
    by_brevet = send(brevet, "POST", f"{ledger}/entries", "--role", "nobody-knows")
    assert (by_brevet.returncode, by_brevet.stderr.startswith("brevet: no_mapping: ")) == (77, True), by_brevet.stderr


def test_refuses_a_signature_for_another_region(brevet: Brevet, ledger: str) -> None:
    done = send(brevet, "GET", f"{ledger}/entries/7", "--role", "reader", "--region", "us-east-1")
    assert done.returncode == 77, done.stdout


def test_admits_the_right_role(brevet: Brevet, ledger: str) -> None:
    done = send(brevet, "GET", f"{ledger}/entries/7?a=b%20c&d=%2F", "--role", "reader")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert json.loads(done.stdout)


def test_signs_a_body_from_text_and_file(brevet: Brevet, ledger: str, tmp_path: Path) -> None:
    entry = tmp_path / "entry.json"
    entry.write_text('{"amount": 1}')
    for data in ['{"amount": 1}', f"@{entry}"]:
        done = send(
            brevet, "POST", f"{ledger}/entries", "--role", "writer", "--data", data, "--header", "X-Trace: a  b"
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_signs_with_the_session_of_brevet_exec(brevet: Brevet, ledger: str) -> None:
    nested = ["exec", "reader", "--", str(PROGRAM), "request", "--include", "GET", f"{ledger}/entries/7"]
    done = run_brevet(brevet.site, brevet.token(), *nested)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith(" 200 OK")
    assert "\ncontent-type: application/json\n" in done.stdout


def test_signs_with_the_session_of_the_six_lines(brevet: Brevet, ledger: str) -> None:
    sdk = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{brevet.site.front_url}/credentials?role=reader",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": brevet.token().text,
    }
    assert send(brevet, "GET", f"{ledger}/entries/7", BREVET_URL="", BREVET_ID_TOKEN="", **sdk).returncode == 0


def test_says_who_aws_sees(brevet: Brevet) -> None:
    """An AWS service with a name of its own in the signature."""
    data = "Action=GetCallerIdentity&Version=2011-06-15"
    form = "Content-Type: application/x-www-form-urlencoded"
    address = f"{brevet.site.aws_url}/"
    done = send(brevet, "POST", address, "--role", "deploy", "--service", "sts", "--data", data, "-H", form)
    assert done.returncode == 0, done.stderr
    assert "assumed-role/demo-deployer/gl-4711-" in done.stdout


# Without the stack: what the statuses mean, and what is sent where.


@pytest.mark.parametrize(
    ("status", "exit_code"),
    [
        (200, 0),
        (204, 0),
        (301, 22),
        (307, 22),
        (400, 22),
        (401, 77),
        (403, 77),
        (404, 22),
        (429, 75),
        (500, 75),
        (503, 75),
    ],
)
def test_says_by_its_exit_code_what_became_of_the_request(brevet: Brevet, status: int, exit_code: int) -> None:
    with scripted_brevet(session()) as elsewhere, scripted_brevet(session()) as vending:
        headers = {"Location": f"{elsewhere.url}/"} if status in (301, 307) else {}
        with scripted_brevet(Scripted(status, b"" if status == 204 else b"the body", headers)) as api:
            sent = send(brevet, "GET", f"{api.url}/x", "--role", "deploy", BREVET_URL=vending.url)
    assert sent.returncode == exit_code, sent.stderr
    assert sent.stdout == ("" if status == 204 else "the body")
    assert elsewhere.asked == []
    assert "scripted-secret" not in sent.stdout + sent.stderr
    assert api.asked[0][2].startswith("AWS4-HMAC-SHA256 Credential=ASIATEST/")


@pytest.mark.parametrize(
    "arguments",
    [
        ["GET", "http://api.example.com/", "--role", "deploy"],
        ["GET", "https://user:secret@api.example.com/", "--role", "deploy"],
        ["GET", "not-an-address", "--role", "deploy"],
        ["GE T", "https://api.example.com/", "--role", "deploy"],
        ["GET", "https://api.example.com/", "--role", "Deploy"],
        ["GET", "https://api.example.com/", "--role", "deploy", "-H", "Authorization: x"],
        ["GET", "https://api.example.com/", "--role", "deploy", "--service", "s3"],
        ["GET", "https://api.example.com/", "--role", "deploy", "--region", "EU/west"],
        ["POST", "https://api.example.com/", "--role", "deploy", "--data", "@/nowhere"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_sends_nothing_that_is_wrong_or_unsafe(brevet: Brevet, arguments: list[str]) -> None:
    with scripted_brevet(session()) as vending:
        assert send(brevet, *arguments, BREVET_URL=vending.url).returncode == 64
    assert vending.asked == []


def test_needs_a_region_and_a_session(brevet: Brevet) -> None:
    nowhere = {"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}
    done = send(brevet, "GET", "https://api.example.com/", "--role", "deploy", **nowhere)
    assert (done.returncode, "region_missing" in done.stderr) == (64, True)
    done = send(brevet, "GET", "https://api.example.com/")
    assert (done.returncode, "session_missing" in done.stderr) == (78, True)


@pytest.mark.parametrize("uri", ["http://169.254.170.23/v1/credentials", "http://api.example.com/", "x"])
def test_asks_no_unsafe_place_for_a_session(brevet: Brevet, uri: str) -> None:
    sdk = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token"}
    done = send(brevet, "GET", "https://api.example.com/", **sdk)
    assert (done.returncode, "endpoint_invalid" in done.stderr) == (78, True)


def test_passes_on_why_there_is_no_session(brevet: Brevet) -> None:
    with scripted_brevet(refusal(403, "conditions_not_met")) as vending:
        sdk = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{vending.url}/session",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "token",
        }
        done = send(brevet, "GET", f"{vending.url}/x", "--region", REGION, **sdk)
    assert (done.returncode, done.stderr.startswith("brevet: conditions_not_met: ")) == (77, True)
    assert len(vending.asked) == 1
