"""A plain-HTTP door on loopback to a stage of the local API Gateway.

SDKs fetch container credentials over plain HTTP from loopback hosts only, and not all of them can be told to trust
the emulator's certificate. On AWS there is no such door: jobs call the API's own HTTPS address.

    python -m local.front PORT UPSTREAM CA_BUNDLE
"""

import http.client
import os
import ssl
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from local.processes import Background
from local.site import ROOT, Site

START_SECONDS = 10
# Headers of one connection only, and those that the next request makes anew.
_NOT_PASSED_ON = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "te",
    "upgrade",
    "host",
    "content-length",
    "date",
    "server",
}


def start_front(site: Site, upstream: str) -> None:
    command = [sys.executable, "-m", "local.front", str(site.front_port), upstream, str(site.ca_bundle)]
    part = front(site)
    part.start(command, {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})
    part.wait_until(lambda: _answers(site), START_SECONDS)


def front(site: Site) -> Background:
    return Background(site, "front")


def serve(port: int, upstream: str, ca_bundle: Path) -> None:
    class Front(Door):
        stage = Stage(upstream, ca_bundle)

    ThreadingHTTPServer(("127.0.0.1", port), Front).serve_forever()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Stage:
    """A stage of the local API Gateway, at its own HTTPS address."""

    def __init__(self, url: str, ca_bundle: Path) -> None:
        self._url = urlsplit(url.rstrip("/"))
        self._trust = ssl.create_default_context(cafile=str(ca_bundle))

    def ask(self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes) -> Answer:
        connection = http.client.HTTPSConnection(
            self._url.hostname or "", self._url.port, context=self._trust, timeout=30
        )
        try:
            connection.putrequest(method, self._url.path + path, skip_accept_encoding=True)
            for name, value in headers:
                if name.lower() not in _NOT_PASSED_ON:
                    connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        except OSError as fault:
            text = f"the local AWS does not answer: {fault}\n"
            return Answer(502, [("Content-Type", "text/plain")], text.encode())
        finally:
            connection.close()


class Door(BaseHTTPRequestHandler):
    """Passes every request on to a stage, as it is."""

    protocol_version = "HTTP/1.1"
    stage: Stage

    def pass_on(self) -> None:
        answer = self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def answer(self, body: bytes) -> Answer:
        return self.stage.ask(self.command, self.path, self.headers.items(), body)

    def log_message(self, format: str, *values: object) -> None:
        # Paths and statuses only: the token travels in a header, and headers are not logged.
        print(f"{self.log_date_time_string()} {format % values}")

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = pass_on


def _answers(site: Site) -> bool:
    try:
        urlopen(f"{site.front_url}/", timeout=5).close()
    except OSError as fault:
        # Any answer will do, and without a token it is a refusal.
        return hasattr(fault, "code") and fault.code != 502
    return True


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
