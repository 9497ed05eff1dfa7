"""A door of a trial's own in front of Brevet: it counts what a client asks, and it can fail on purpose.

What it passes on is Brevet's. What it makes up is a `Fault`, a delay, and how long a session is said to last: STS opens
none for less than 15 minutes, and a test cannot wait for one to end.
"""

import hashlib
import json
import re
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from local.front import Answer, Door, Stage


@dataclass(frozen=True)
class Fault:
    """An answer that is not Brevet's, in the shape of Brevet's."""

    status: int
    code: str
    message: str
    retry_after: int

    def answer(self) -> Answer:
        body = {"code": self.code, "message": self.message, "Code": self.code, "Message": self.message}
        headers = [("Content-Type", "application/json"), ("Retry-After", str(self.retry_after))]
        return Answer(self.status, headers, json.dumps(body).encode())


@dataclass(frozen=True)
class Asked:
    """One request that came through. What was in its `Authorization` is remembered by its hash."""

    path: str
    authorization: str


@dataclass
class FaultyDoor:
    stage: Stage
    # The first requests get these; the ones after them get Brevet's own answer.
    faults: Sequence[Fault] = ()
    # No answer comes sooner.
    seconds: float = 0
    # How long a session is said to last, if not as long as it does.
    lifetime: timedelta | None = None
    # The folder of a certificate for HTTPS; without it the door is plain HTTP on loopback.
    certificates: Path | None = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{'https' if self.certificates else 'http'}://{self._host}:{self._server.server_port}"

    @property
    def _host(self) -> str:
        """To SDKs 127.0.0.1 is special, and the other one a host like any other, as Brevet's is."""
        return "127.0.0.2" if self.certificates else "127.0.0.1"

    def __enter__(self) -> Self:
        door = self

        class Handler(Door):
            stage = door.stage

            def answer(self, body: bytes) -> Answer:
                since = time.monotonic()
                number = door._count(Asked(self.path, hash_of(self.headers.get("Authorization", ""))))
                answer = door.faults[number].answer() if number < len(door.faults) else super().answer(body)
                time.sleep(max(0, since + door.seconds - time.monotonic()))
                return door._shortened(answer)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    # The client did not wait. That it asked is written down.
                    self.close_connection = True

            def log_message(self, format: str, *values: object) -> None:
                pass

        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((self._host, 0), Handler)
        if self.certificates:
            trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            trust.load_cert_chain(self.certificates / "server.crt", self.certificates / "server.key")
            # The handshake is left to the thread of the connection.
            self._server.socket = trust.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _count(self, asked: Asked) -> int:
        with self._lock:
            self.asked.append(asked)
            return len(self.asked) - 1

    def _shortened(self, answer: Answer) -> Answer:
        if self.lifetime is None or answer.status != 200:
            return answer
        end = (datetime.now(UTC) + self.lifetime).strftime("%Y-%m-%dT%H:%M:%SZ")
        return replace(answer, body=re.sub(rb'("Expiration":")[^"]*', rb"\g<1>" + end.encode(), answer.body))


def hash_of(authorization: str) -> str:
    return hashlib.sha256(authorization.encode()).hexdigest()
