"""Asking badly: each way has a code and a sentence of its own."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from conftest import Brevet, assert_refused
from local.asking import Answer
from local.aws import tls_context

JSON = "application/json"
# A policy of more characters than STS takes, and a body of more bytes than Brevet reads.
OVERSIZED = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:Get" + "x" * 2048, "Resource": "*"},
}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/credentials?role=", "`role` is a mapping's name"),
        ("/credentials?role=NOT+A+NAME", "`role` is a mapping's name"),
        ("/credentials?role=arn:aws:iam::444455556666:role/brevet/demo-deployer", "`role` is a mapping's name"),
        ("/credentials/Deploy", "`role` is a mapping's name"),
        ("/credentials?role=a&role=b", "`role` is given more than once"),
        ("/credentials/deploy?role=deploy", "the role is in the path already"),
        ("/credentials?rolle=deploy", "the only query parameters here are"),
        ("/credentials?role=deploy&duration_seconds=1h", "`duration_seconds` is a whole number"),
        ("/credentials?role=deploy&format=xml", "`format` is one of `json`, `env` and `dotenv`"),
        ("/credentials?role=deploy&session_policy={}", "`session_policy` goes into the body"),
        ("/credentials?role=deploy&token=anything", "a token does not belong into the address"),
    ],
)
def test_says_what_is_wrong_with_an_address(brevet: Brevet, path: str, sentence: str) -> None:
    answer = brevet.ask(path, brevet.token())
    assert_refused(answer, 400, "bad_request")
    assert sentence in answer.message


@pytest.mark.parametrize(
    ("content_type", "body", "sentence"),
    [
        (JSON, "", "there is no body"),
        (JSON, "{'role': 'deploy'}", "the body is not JSON: line 1, column 2"),
        (JSON, '["deploy"]', "not an object"),
        (JSON, '{"role": 7}', "`role` is a string"),
        (JSON, '{"role": "Deploy!"}', "`role` is a mapping's name"),
        (JSON, '{"role": "deploy", "duration_seconds": "900"}', "`duration_seconds` is a whole number"),
        (JSON, '{"role": "deploy", "rolle": "x"}', "it has another one"),
        (JSON, '{"role": "deploy", "role": "other"}', "a member twice"),
        (JSON, json.dumps({"role": "x" * 17_000}), "longer than 16 KiB"),
        ("text/plain", '{"role": "deploy"}', "`Content-Type: application/json`"),
        ("application/x-www-form-urlencoded", "role=deploy", "`Content-Type: application/json`"),
        (None, '{"role": "deploy"}', "`Content-Type: application/json`"),
    ],
)
def test_says_what_is_wrong_with_a_body(brevet: Brevet, content_type: str | None, body: str, sentence: str) -> None:
    headers = [("Authorization", brevet.token().text), *([("Content-Type", content_type)] if content_type else [])]
    answer = _send(brevet, "POST", "/credentials", headers, body)
    assert_refused(answer, 400, "bad_request")
    assert sentence in answer.message


@pytest.mark.parametrize("seconds", [0, 899, 3601, 43200])
def test_refuses_a_duration_out_of_range(brevet: Brevet, seconds: int) -> None:
    answer = brevet.ask(f"/credentials?role=deploy&duration_seconds={seconds}", brevet.token())
    assert_refused(answer, 400, "duration_out_of_range")
    assert f"from 900 to 3600 for this mapping; the job asked for {seconds}" in answer.message


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("a string", "is not JSON"),
        (7, "must be a policy: a JSON object"),
        ({"Statement": []}, "must have a `Statement`"),
        ({"Version": "2012-10-17", "Statements": []}, "has `Statements`, which is not a member of a policy"),
        (OVERSIZED, "more than the 2048 of STS"),
    ],
)
def test_refuses_a_session_policy_that_is_none(brevet: Brevet, policy: Any, sentence: str) -> None:
    body = {"role": "deploy", "session_policy": policy}
    answer = brevet.ask("/credentials", brevet.token(), method="POST", body=body)
    assert_refused(answer, 400, "session_policy_invalid")
    assert sentence in answer.message


def test_refuses_a_token_in_the_address_and_says_so(brevet: Brevet) -> None:
    answer = brevet.ask(f"/credentials?role=deploy&token={brevet.token().text}")
    assert_refused(answer, 401, "token_missing")
    assert "in the address" in answer.message


def test_refuses_two_authorization_headers(brevet: Brevet) -> None:
    token = brevet.token().text
    answer = _send(brevet, "GET", "/credentials?role=deploy", [("Authorization", token), ("Authorization", "another")])
    assert_refused(answer, 401, "token_malformed")
    assert "more than one `Authorization` header" in answer.message


def _send(brevet: Brevet, method: str, path: str, headers: list[tuple[str, str]], body: str = "") -> Answer:
    """A request as it is written here: no header is added, and one may be there twice."""
    api = urlsplit(brevet.deployment.api_url)
    connection = http.client.HTTPSConnection(api.hostname or "", api.port, context=tls_context(brevet.site))
    try:
        connection.putrequest(method, api.path + path)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            connection.putheader(name, value)
        connection.endheaders(body.encode())
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()
