"""Faults of GitLab's keys endpoint, and of the discovery document that leads to it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.behaviours import (
    answers,
    changed,
    garbage,
    hangs,
    hangs_after_its_head,
    hangs_up,
    resets,
    trickles,
    truncated,
)
from tests.faults.fault import CANNOT_TELL, GRANTED, Said
from tests.faults.server import Behaviour, Exchange, Reply

UNAVAILABLE = Said(503, "keys_unavailable")
UNKNOWN = Said(401, "token_invalid")


@dataclass(frozen=True)
class KeysFault:
    """A row. What holds for nearly all of them is the default."""

    name: str
    what: str
    # Of the log line `key_fetch_failed`.
    logged: str
    keys: Behaviour | None = None
    discovery: Behaviour | None = None
    # Which of the servers it is at: most share one.
    server: str = "http"
    # Told to a job: by a function that starts meanwhile, and by one whose keys do not hold the one that is needed.
    cold: Said = UNAVAILABLE
    rotated: Said = UNAVAILABLE
    # A protected route at the same moments.
    route: Said = CANNOT_TELL
    # After a rotation, a token of the key that is still in the cache.
    old: Said = GRANTED


def _document(change: Callable[[dict[str, Any]], Any]) -> Behaviour:
    return changed(lambda body: json.dumps(change(json.loads(body))).encode())


def _redirect(exchange: Exchange) -> None:
    """To an address of the same server where the keys are."""
    exchange.send(Reply(302, b"", location=exchange.request.path.replace("/oauth/discovery/keys", "/-/jwks")))


_HUGE = _document(lambda document: {**document, "padding": "x" * 300_000})
_DISCOVERY_ELSEWHERE = _document(lambda document: {**document, "jwks_uri": "http://gitlab.example.com/keys"})
_OTHER_ISSUER = _document(lambda document: {**document, "issuer": "https://gitlab.example.com"})

KEYS = (
    KeysFault("keys-down", "503", "answered with status 503", answers(503, b"<h1>503</h1>", "text/html")),
    KeysFault("keys-not-found", "404", "answered with status 404", answers(404, b"")),
    KeysFault("keys-refused", "nothing listens there", "no connection", server="refused"),
    KeysFault("keys-hang-up", "the connection is closed", "no connection", hangs_up),
    KeysFault("keys-reset", "the connection is reset", "no connection", resets),
    KeysFault("keys-slow", "the answer takes 20 s", "timed out", hangs),
    KeysFault("keys-stop", "headers come, the body does not", "timed out", hangs_after_its_head),
    KeysFault("keys-trickle", "a byte a second", "timed out", trickles),
    KeysFault("keys-truncated", "the answer ends in the middle", "no connection", truncated),
    KeysFault("keys-garbage", "200 and a page", "unusable answer: not a JSON Web Key Set", garbage()),
    KeysFault(
        "keys-other-json",
        "JSON of another shape",
        "unusable answer: not a JSON Web Key Set",
        answers(200, b'{"keys":{}}'),
    ),
    KeysFault("keys-huge", "300 KB", "answered with too many bytes", _HUGE),
    KeysFault("keys-redirect", "a redirect to where the keys are", "answered with status 302", _redirect),
    KeysFault(
        "keys-empty", "a set without keys", "unusable answer: no usable signing key in it", answers(200, b'{"keys":[]}')
    ),
    KeysFault(
        "keys-wrong-kind",
        "keys of another use, another kind",
        "unusable answer: no usable signing key in it",
        _document(
            lambda document: {
                "keys": [{**document["keys"][0], "use": "enc"}, {"kty": "oct", "kid": "x", "k": "c2VjcmV0"}],
            }
        ),
    ),
    KeysFault(
        "keys-of-another",
        "a good set without the key that is needed",
        "",
        _document(lambda document: {"keys": document["keys"][:1]}),
        cold=UNKNOWN,
        rotated=UNKNOWN,
        route=UNKNOWN,
        old=UNKNOWN,
    ),
    KeysFault("discovery-down", "no discovery document: 503", "answered with status 503", discovery=garbage(503)),
    KeysFault("discovery-slow", "the discovery document takes 20 s", "timed out", discovery=hangs),
    KeysFault(
        "discovery-garbage",
        "the discovery document is a page",
        "unusable answer: not a discovery document",
        discovery=garbage(),
    ),
    KeysFault(
        "discovery-of-another",
        "the discovery document says another issuer",
        "unusable answer: the discovery document is another issuer's",
        discovery=_OTHER_ISSUER,
    ),
    KeysFault(
        "discovery-plain",
        "the discovery document leads to plain HTTP",
        "unusable answer: `jwks_uri` is not https",
        discovery=_DISCOVERY_ELSEWHERE,
    ),
    KeysFault("tls-self-signed", "a certificate of its own making", "no connection", server="self-signed"),
    KeysFault("tls-other-name", "a certificate for another host", "no connection", server="other-name"),
    KeysFault("tls-expired", "a certificate that has ended", "no connection", server="expired"),
)
