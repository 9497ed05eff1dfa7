"""A server on loopback that stands before a real one, and fails on purpose while the function that asks it runs."""

import contextlib
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

# The kernel sends a reset instead of a farewell when this is set and the socket is closed.
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    content_type: str = "application/json"
    location: str = ""


class Exchange:
    """One request, and every way to answer it or not."""

    def __init__(self, server: "FaultServer", handler: BaseHTTPRequestHandler, request: Request, earlier: int) -> None:
        self.request = request
        # How many of its name came before it, since they are answered in this way.
        self.earlier = earlier
        self._server, self._handler = server, handler

    def genuine(self) -> Reply:
        """What the real server says to this request."""
        return self._server.upstream(self.request)

    def send(self, reply: Reply, length: int | None = None) -> None:
        """The reply, said to be this long if that is not how long it is."""
        self.send_head(reply, length)
        self.send_some(reply.body)

    def send_head(self, reply: Reply, length: int | None = None) -> None:
        self._handler.send_response(reply.status)
        if reply.location:
            self._handler.send_header("Location", reply.location)
        self._handler.send_header("Content-Type", reply.content_type)
        self._handler.send_header("Content-Length", str(len(reply.body) if length is None else length))
        self._handler.end_headers()

    def send_some(self, body: bytes) -> None:
        self._handler.wfile.write(body)

    def wait(self, seconds: float) -> bool:
        """Whether the wait was as long as that: it ends when the server mends or closes."""
        return not self._server.mended.wait(seconds)

    def hang_up(self) -> None:
        self._handler.close_connection = True

    def reset(self) -> None:
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # Not `close`, which waits for the files that are open on the socket.
        socket.close(self._handler.connection.detach())
        self.hang_up()


Behaviour = Callable[[Exchange], None]


def genuine(exchange: Exchange) -> None:
    """As if nobody stood between."""
    exchange.send(exchange.genuine())


class FaultServer:
    """Answers every request by the behaviour set for its name; without one, as the real server does."""

    def __init__(
        self,
        upstream: Callable[[Request], Reply],
        name_of: Callable[[Request], str],
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.upstream = upstream
        self.mended = threading.Event()
        self._name_of, self._trust = name_of, trust
        self._behaviours: dict[str, Behaviour] = {}
        self._calls: Counter[str] = Counter()
        self._calls_before: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._port = 0

    @property
    def url(self) -> str:
        return f"{'https' if self._trust else 'http'}://localhost:{self._port}"

    def behave(self, name: str, behaviour: Behaviour) -> None:
        """From now on, requests of this name are answered so."""
        self.mended.clear()
        with self._lock:
            self._behaviours[name] = behaviour
            self._calls_before[name] = self._calls[name]

    def mend(self) -> None:
        """Everything is answered as by the real server, and what still hangs is let go."""
        self._behaviours.clear()
        self.mended.set()

    def count(self, name: str) -> int:
        """How many requests of this name came in."""
        with self._lock:
            return self._calls[name]

    def listen(self) -> None:
        """Takes connections, on the port it had before."""
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Request(self.command, self.path, dict(self.headers.items()), body)
                server._answer(self, request)

            def handle(self) -> None:
                # A client that did not wait, or a connection that was reset on purpose.
                with contextlib.suppress(OSError, ValueError):
                    super().handle()

            def log_message(self, format: str, *values: object) -> None:
                pass

            do_GET = do_POST = answer

        self._server = _Listener(("localhost", self._port), Handler)
        self._port = self._server.server_port
        if self._trust:
            # The handshake is left to the thread of the connection.
            self._server.socket = self._trust.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def present(self, trust: ssl.SSLContext) -> None:
        """Shows another certificate from the next connection on."""
        self.refuse()
        self._trust = trust
        self.listen()

    def refuse(self) -> None:
        """Nothing listens any more, and connections that were kept alive are gone."""
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mend()
        self.refuse()

    def _answer(self, handler: BaseHTTPRequestHandler, request: Request) -> None:
        name = self._name_of(request)
        with self._lock:
            earlier = self._calls[name] - self._calls_before[name]
            self._calls[name] += 1
        self._behaviours.get(name, genuine)(Exchange(self, handler, request, earlier))


class _Listener(ThreadingHTTPServer):
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for request in tuple(self._open):
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not like the certificate: that is what it is there for."""
