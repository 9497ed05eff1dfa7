"""Asking over HTTP, as `curl` in a job would: any answer is an answer, whatever its status."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.aws import tls_context
from local.site import Site

# Brevet answers within 1.8 s; an emulator on a busy machine may add to it.
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return self.json["code"]

    @property
    def message(self) -> str:
        return self.json["message"]


def ask(
    site: Site,
    url: str,
    token: str | None = None,
    method: str = "GET",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request, with the token in `Authorization` as SDKs send it: bare."""
    data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers or {}))
    if token is not None:
        request.add_header("Authorization", token)
    if body is not None:
        request.add_header("Content-Type", "application/json")
    trust: ssl.SSLContext | None = tls_context(site) if url.startswith("https:") else None
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS, context=trust) as answer:
            return Answer(answer.status, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read().decode())
