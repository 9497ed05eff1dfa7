"""Header games over real HTTP: bytes on a socket, through the gateway, to both functions."""

import socket
import ssl
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from conftest import Brevet
from local.asking import PATIENCE_SECONDS, Answer
from local.aws import tls_context

TOKEN = b"{token}"

# What a gateway in front answers by itself is as good as Brevet's own refusal, and is told here by no code.
REFUSED: dict[str, tuple[bytes, list[str]]] = {
    "none": (b"", ["token_missing"]),
    "empty": (b"Authorization:\r\n", ["token_missing"]),
    "Bearer alone": (b"Authorization: Bearer\r\n", ["token_missing"]),
    "bearer and a tab": (b"Authorization: bearer\t\r\n", ["token_missing"]),
    "the same token twice": (
        b"Authorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n",
        ["token_malformed"],
    ),
    "two tokens, names in two cases": (b"Authorization: {token}\r\nauthorization: x\r\n", ["token_malformed"]),
    "a bad token and a good one": (b"Authorization: x\r\nAuthorization: {token}\r\n", ["token_malformed"]),
    "nothing and a good one": (b"Authorization:\r\nAuthorization: {token}\r\n", ["token_malformed"]),
    "joined by a comma": (b"Authorization: Bearer {token}, Bearer {token}\r\n", ["token_malformed"]),
    "another scheme": (b"Authorization: Basic {token}\r\n", ["token_malformed"]),
    "two words behind the scheme": (b"Authorization: Bearer {token} x\r\n", ["token_malformed"]),
    "in quotes": (b'Authorization: Bearer "{token}"\r\n', ["token_malformed"]),
    "Latin-1 before the token": (b"Authorization: Bearer \xe9{token}\r\n", ["token_missing", "token_malformed"]),
    "UTF-8 in the scheme": (b"Authorization: B\xd0\xb5arer {token}\r\n", ["token_missing", "token_malformed"]),
    "bytes that are no text": (b"Authorization: \xff\xfe{token}\r\n", ["token_missing", "token_malformed"]),
    "10 KB": (b"Authorization: Bearer " + b"a" * 10_240 + b"\r\n", ["token_malformed"]),
    "a name with a hyphen more": (b"Authorization-: Bearer {token}\r\n", ["token_missing"]),
    "X-Amz-Security-Token": (b"X-Amz-Security-Token: {token}\r\n", ["token_missing"]),
    "X-Forwarded-Authorization": (b"X-Forwarded-Authorization: Bearer {token}\r\n", ["token_missing"]),
    "Proxy-Authorization": (b"Proxy-Authorization: Bearer {token}\r\n", ["token_missing"]),
    "a cookie": (b"Cookie: Authorization={token}; token={token}\r\n", ["token_missing"]),
}

# These a gateway may refuse to read at all; whatever it makes of them, nobody gets in.
BROKEN: dict[str, bytes] = {
    "a NUL": b"Authorization: Bearer {token}\0\r\n",
    "a space before the colon": b"Authorization : Bearer {token}\r\n",
    "a bare carriage return": b"X: y\rAuthorization: Bearer {token}\r\n",
    "a bare newline": b"X: y\nAuthorization: Bearer {token}\n\r\n",
    "100 KB": b"Authorization: Bearer " + b"a" * 102_400 + b"\r\n",
    "no colon": b"Authorization Bearer {token}\r\n",
}

ACCEPTED: dict[str, bytes] = {
    "Bearer": b"Authorization: Bearer {token}\r\n",
    "the token alone": b"Authorization: {token}\r\n",
    "a name in odd case": b"aUTHORIZATION: bearer {token}\r\n",
    "two spaces": b"Authorization:  BEARER  {token}\r\n",
    "a tab": b"Authorization: Bearer\t{token}\r\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_credentials_function_reads_one_token_in_one_header(brevet: Brevet, name: str) -> None:
    header, codes = REFUSED[name]
    answer = _send(brevet, brevet.deployment.api_url + "/credentials?role=deploy", header)
    assert answer.status == 401, answer.text
    assert answer.code in codes, answer.text


@pytest.mark.parametrize("name", REFUSED)
def test_the_authorizer_reads_one_token_in_one_header(brevet: Brevet, name: str) -> None:
    answer = _send(brevet, brevet.deployment.reports_url + "/reports/42", REFUSED[name][0])
    assert answer.status == 401, answer.text


@pytest.mark.parametrize("name", BROKEN)
def test_no_broken_header_lets_anybody_in(brevet: Brevet, name: str) -> None:
    for url in (brevet.deployment.api_url + "/credentials?role=deploy", brevet.deployment.reports_url + "/reports/42"):
        answer = _send(brevet, url, BROKEN[name])
        assert 400 <= answer.status < 500, (url, answer.status, answer.text)
        assert "SecretAccessKey" not in answer.text


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_good_token_gets_in_however_its_scheme_is_written(brevet: Brevet, name: str) -> None:
    answer = _send(brevet, brevet.deployment.api_url + "/credentials?role=deploy", ACCEPTED[name])
    assert answer.status == 200, answer.text


def _send(brevet: Brevet, url: str, header: bytes) -> Answer:
    """A request whose headers are these bytes."""
    address = urlsplit(url)
    token = brevet.token().text.encode()
    target = f"{address.path}?{address.query}" if address.query else address.path
    lines = f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n".encode()
    request = lines + header.replace(TOKEN, token) + b"\r\n"
    host, port = address.hostname or "", address.port or 443
    with (
        socket.create_connection((host, port), timeout=PATIENCE_SECONDS) as plain,
        tls_context(brevet.site).wrap_socket(plain, server_hostname=host) as tls,
    ):
        return _exchange(tls, request)


def _exchange(tls: ssl.SSLSocket, request: bytes) -> Answer:
    try:
        tls.sendall(request)
        response = HTTPResponse(tls)
        response.begin()
        return Answer(response.status, response.headers, response.read().decode())
    except OSError:
        # The gateway hung up on the request: there is no plainer refusal.
        return Answer(400, {}, "")
