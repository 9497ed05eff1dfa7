"""503, 429 and 500: what a job hears when Brevet cannot tell, and how soon."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with

# SDKs give up after two seconds; what is over 1.8 s here is the gateway's and the emulator's.
PATIENCE_SECONDS = 2.0
THROTTLING = b"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>Throttling</Code><Message>Rate exceeded</Message></Error><RequestId>1</RequestId></ErrorResponse>"""


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{closed.getsockname()[1]}"


@pytest.fixture
def sleeper() -> Iterator[str]:
    """An address that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def throttler() -> Iterator[str]:
    """An STS that is asked too much."""

    class Throttle(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(400)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(THROTTLING)))
            self.end_headers()
            self.wfile.write(THROTTLING)

        def log_message(self, format: str, *values: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Throttle) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("state", ["nobody", "sleeper"])
@pytest.mark.parametrize(("service", "code"), [("DYNAMODB", "mappings_unavailable"), ("STS", "sts_unavailable")])
def test_says_that_it_cannot_tell_before_the_sdks_give_up(
    brevet: Brevet, request: pytest.FixtureRequest, state: str, service: str, code: str
) -> None:
    with credentials_function_with(
        brevet.deployment, **{f"AWS_ENDPOINT_URL_{service}": request.getfixturevalue(state)}
    ):
        brevet.ask("/credentials?role=deploy", "starts the process, which is not timed here")
        began = time.monotonic()
        answer = brevet.credentials("deploy")
        seconds = time.monotonic() - began
    assert_refused(answer, 503, code)
    assert int(answer.headers["Retry-After"]) >= 1
    assert seconds < PATIENCE_SECONDS


def test_passes_on_that_sts_is_asked_too_much(brevet: Brevet, throttler: str) -> None:
    with credentials_function_with(brevet.deployment, AWS_ENDPOINT_URL_STS=throttler):
        answer = brevet.credentials("deploy")
    assert_refused(answer, 429, "throttled")
    assert int(answer.headers["Retry-After"]) >= 1


def test_keeps_the_cause_of_a_misconfiguration_to_the_log(brevet: Brevet) -> None:
    with credentials_function_with(brevet.deployment, ROLE_MAPPING_TABLE="no-such-table"):
        answer = brevet.credentials("deploy")
    assert_refused(answer, 500, "misconfigured")
    assert "no-such-table" not in answer.text


def test_shows_what_would_have_matched_where_the_deployment_says_so(brevet: Brevet) -> None:
    brevet.row("release", conditions={"ref_protected": "true", "ref": "release/*"})
    with credentials_function_with(brevet.deployment, DENIAL_DETAIL="full"):
        answer = brevet.credentials("release")
    assert_refused(answer, 403, "conditions_not_met")
    assert answer.json["denials"][0]["required"] == ["release/*"]
