"""A Brevet that answers as it is told: for faults that the real one does not have on demand."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzZWNyZXQiOiJwYXlsb2FkIn0.c2lnbmF0dXJl"


@dataclass(frozen=True)
class Scripted:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class ScriptedBrevet:
    """Gives the answers in their order, and the last of them from then on. Remembers what it was asked."""

    url: str
    answers: list[Scripted]
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)

    def next(self) -> Scripted:
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def session(seconds: int = 3600, key: str = "ASIATEST") -> Scripted:
    """A session that ends in so many seconds."""
    expiration = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "AccessKeyId": key,
        "SecretAccessKey": "scripted-secret",
        "Token": "scripted-token",
        "Expiration": expiration,
        "AssumedRoleArn": "arn:aws:sts::111122223333:assumed-role/deploy/gl-4711-1-2",
    }
    return Scripted(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def refusal(status: int, code: str, **headers: str) -> Scripted:
    body = {"code": code, "message": f"a sentence about {code}", "help": f"docs/pipelines.md#{code}"}
    return Scripted(status, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


@contextmanager
def scripted_brevet(*answers: Scripted) -> Iterator[ScriptedBrevet]:
    brevet = ScriptedBrevet("", list(answers))
    with ThreadingHTTPServer(("127.0.0.1", 0), _door(brevet)) as server:
        brevet.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield brevet
        server.shutdown()


def _door(brevet: ScriptedBrevet) -> Callable[..., BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            brevet.asked.append((self.command, self.path, self.headers.get("Authorization", ""), body.decode()))
            answer = brevet.next()
            time.sleep(answer.seconds)
            try:
                # Without the usual headers: a test says which time it is there.
                self.send_response_only(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                pass  # Whoever asked has lost patience, which is what some tests are about.

        do_POST = do_GET

        def log_message(self, format: str, *values: object) -> None:
            pass

    return Door
