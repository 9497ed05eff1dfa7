"""A vended session signs calls to APIs that IAM protects: no authorizer, no code of Brevet's in between."""

from dataclasses import replace
from typing import Any

import pytest

from conftest import Brevet
from local.asking import ask
from signing import curl, session_of, signature, signed


@pytest.fixture(params=["rest", "http"])
def ledger(brevet: Brevet, request: pytest.FixtureRequest) -> str:
    """The address of one of the two APIs, with rows for its two roles."""
    brevet.row("reader", role_arn=brevet.deployment.outputs["LedgerReaderRoleArn"])
    brevet.row("writer", role_arn=brevet.deployment.outputs["LedgerWriterRoleArn"])
    return brevet.deployment.ledger_url if request.param == "rest" else brevet.deployment.ledger_http_url


def test_refuses_a_call_that_nobody_signed(brevet: Brevet, ledger: str) -> None:
    assert ask(brevet.site, f"{ledger}/entries/7").status == 403


def test_refuses_the_jobs_own_token_in_place_of_a_signature(brevet: Brevet) -> None:
    """On the REST API: the emulator's HTTP APIs take any `Authorization` for a signature, which those of AWS do not."""
    url = f"{brevet.deployment.ledger_url}/entries/7"
    assert ask(brevet.site, url, f"Bearer {brevet.token().text}").status == 403


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [("deploy", "GET", "/entries/7"), ("writer", "GET", "/entries/7"), ("reader", "POST", "/entries")],
)
def test_refuses_the_session_of_another_role(brevet: Brevet, ledger: str, role: str, method: str, path: str) -> None:
    assert signed(brevet, session_of(brevet, role), method, ledger + path).status == 403


def test_refuses_a_session_that_was_narrowed_to_something_else(brevet: Brevet, ledger: str) -> None:
    other = "arn:aws:execute-api:*:*:*/*/GET/other"
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": other}
    session = session_of(brevet, "reader", session_policy={"Version": "2012-10-17", "Statement": [statement]})
    assert signed(brevet, session, "GET", f"{ledger}/entries/7").status == 403


@pytest.mark.parametrize(
    "change", [{"secret_access_key": "another"}, {"session_token": "another"}, {"session_token": None}], ids=str
)
def test_refuses_credentials_that_do_not_belong_together(brevet: Brevet, ledger: str, change: dict[str, Any]) -> None:
    session = replace(session_of(brevet, "reader"), **change)
    assert signed(brevet, session, "GET", f"{ledger}/entries/7").status == 403


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/entries", '{"amount": 1000}', {}),
        ("/entries?approved=true", '{"amount": 1}', {}),
        ("/entries", '{"amount": 1}', {"Host": "127.0.0.1"}),
        ("/entries", '{"amount": 1}', {"X-Amz-Date": "20200101T000000Z"}),
    ],
    ids=["body", "query", "host", "date"],
)
def test_refuses_what_was_altered_after_it_was_signed(
    brevet: Brevet, ledger: str, path: str, body: str, headers: dict[str, str]
) -> None:
    signs = signature(session_of(brevet, "writer"), "POST", f"{ledger}/entries", '{"amount": 1}')
    altered = ask(brevet.site, ledger + path, method="POST", body=body, headers={**signs, **headers})
    assert (altered.status, "ignature" in altered.text) == (403, True), altered.text
    genuine = ask(brevet.site, f"{ledger}/entries", method="POST", body='{"amount": 1}', headers=signs)
    assert genuine.status == 200, genuine.text


@pytest.mark.parametrize(("role", "method", "path"), [("reader", "GET", "/entries/7"), ("writer", "POST", "/entries")])
def test_admits_the_session_of_the_right_role_and_the_backend_knows_the_job(
    brevet: Brevet, ledger: str, role: str, method: str, path: str
) -> None:
    token = brevet.token()
    answer = signed(brevet, session_of(brevet, role, token), method, ledger + path)
    assert answer.status == 200, answer.text
    assert answer.json["caller"]["arn"].endswith(f":assumed-role/ledger-{role}/{token.session_name}")


def test_curl_signs_as_the_documentation_says(brevet: Brevet, ledger: str) -> None:
    reader, writer = session_of(brevet, "reader"), session_of(brevet, "writer")
    post = ("--header", "Content-Type: application/json", "--data", '{"amount": 1}')
    assert curl(brevet, reader, f"{ledger}/entries/7") == 200
    assert curl(brevet, writer, f"{ledger}/entries/7") == 403
    assert curl(brevet, writer, f"{ledger}/entries", *post) == 200
    assert curl(brevet, reader, f"{ledger}/entries", *post) == 403
