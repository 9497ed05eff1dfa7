"""A question while something fails: what is answered, how soon, and what the function logs meanwhile."""

import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from conftest import Brevet
from local.asking import Answer, ask
from local.aws import administrator, client
from local.deployment import deployed
from local.gitlab import JobToken
from local.site import Site
from tests.faults.aws import INTERNAL
from tests.faults.fault import Fault, Said

# An answer is due after 1.6 s, and after 1.7 s where a use of a token had to be given back.
FUNCTION_SECONDS = 1.75
# SDKs wait for two seconds. The emulator, on a machine that does other things too, takes its own time.
CALLER_SECONDS = 3.0
LOG_SECONDS = 5.0
# The emulator takes what a function printed when its answer comes. A line that arrives later waits for the next answer.
LATE_SECONDS = 1.0


Line = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    answer: Answer
    seconds: float
    # Of this request.
    audit: Line
    metrics: Line
    # All that the function logged in this time.
    lines: list[Line]

    @property
    def function_seconds(self) -> float:
        """How long the function itself took."""
        return sum(value for name, value in self.metrics.items() if name.endswith("Latency")) / 1000


def see(brevet: Brevet, log_group: str, url: str, token: JobToken, **request: Any) -> Seen:
    """Asks, under a name by which the request is found in the log."""
    name = f"asked-under-fault/{uuid.uuid4()}"
    began_at, began = int(time.time() * 1000), time.monotonic()
    answer = ask(brevet.site, url, token.text, headers={"User-Agent": name}, **request)
    seconds = time.monotonic() - began
    late, deadline = time.monotonic() + LATE_SECONDS, time.monotonic() + LOG_SECONDS
    while time.monotonic() < deadline:
        if time.monotonic() > late:
            late = deadline
            ask(brevet.site, url, f"no.token.{uuid.uuid4().hex}")
        lines = log_lines_since(brevet.site, log_group, began_at)
        own = [number for number, line in enumerate(lines) if line.get("user_agent") == name]
        metrics = [line for line in lines[own[0] :] if "Decisions" in line] if own else []
        if metrics:
            return Seen(answer, seconds, lines[own[0]], metrics[0], lines)
        time.sleep(0.05)
    raise AssertionError(f"nothing was logged of the request that was answered with {answer.status} {answer.text}")


def every_variant(faults: Iterable[Fault]) -> list[Any]:
    """Parameters `fault`, `behaviour` and `variant` of a test."""
    return [
        pytest.param(fault, behaviour, name, id=f"{fault.name}: {name}")
        for fault in faults
        for name, behaviour in fault.variants.items()
    ]


def first_variant(faults: Iterable[Fault]) -> list[Any]:
    """The same, each fault once."""
    return [pytest.param(fault, *reversed(next(iter(fault.variants.items()))), id=fault.name) for fault in faults]


def open_again(brevet: Brevet) -> bool:
    """Whether new tokens are given a session and let through to the backend."""
    route = ask(brevet.site, f"{brevet.deployment.reports_url}/reports/7", brevet.token().text)
    return (brevet.credentials("deploy").status, route.status) == (200, 200)


def ask_credentials(brevet: Brevet, path: str = "?role=deploy", token: JobToken | None = None, **request: Any) -> Seen:
    url = f"{brevet.deployment.api_url}/credentials{path}"
    return see(brevet, brevet.deployment.audit_log_group, url, token or brevet.token(), **request)


def ask_route(brevet: Brevet, token: JobToken | None = None) -> Seen:
    """Calls a route of somebody else's API, which an authorizer protects."""
    url = f"{brevet.deployment.reports_url}/reports/7"
    return see(brevet, _reports_log_group(brevet.site), url, token or brevet.token())


def assert_said(seen: Seen, said: Said, brevet: Brevet, logged: str = "") -> None:
    """The answer as promised, in time, with nothing in it that is not for callers, and its cause in the log."""
    answer = seen.answer
    assert answer.status == said.status, answer.text
    if said.code:
        assert answer.code == answer.json["Code"] == said.code, answer.text
    assert ("Retry-After" in answer.headers) == said.is_worth_a_retry
    if said.is_worth_a_retry:
        assert int(answer.headers["Retry-After"]) >= 1
    assert seen.seconds < CALLER_SECONDS, seen.seconds
    assert seen.function_seconds < FUNCTION_SECONDS, seen.metrics
    assert_nothing_opens(seen, said)
    assert_nothing_leaks(seen, brevet)
    assert seen.audit.get("detail", "") == logged, seen.audit
    assert seen.metrics["Code"] == seen.audit["code"] == (said.code or seen.audit["code"])


def assert_nothing_opens(seen: Seen, said: Said) -> None:
    """A session, or a backend that speaks, is only where access is given."""
    opened = "SecretAccessKey" in seen.answer.text or '"caller"' in seen.answer.text
    assert opened == (said.status == 200), seen.answer.text
    verdict = {200: "granted", 400: "denied", 401: "denied", 403: "denied"}.get(said.status, "unavailable")
    assert seen.audit["decision"] == verdict, seen.audit


def assert_nothing_leaks(seen: Seen, brevet: Brevet) -> None:
    if seen.answer.status == 200:
        return
    told = seen.answer.text + str(seen.answer.headers)
    internal = [INTERNAL, "127.0.0.1", f"localhost:{brevet.site.aws_port}", "RoleMappings", "TokenUses", "amazonaws"]
    assert [word for word in internal if word in told] == [], told


def log_lines_since(site: Site, group: str, milliseconds: int) -> list[Line]:
    pages = _logs(site).get_paginator("filter_log_events").paginate(logGroupName=group, startTime=milliseconds)
    messages = [event["message"] for page in pages for event in page["events"]]
    return [json.loads(message) for message in messages if message.lstrip().startswith("{")]


# To make a client takes longer than to ask it.
@cache
def _logs(site: Site) -> Any:
    return client(site, "logs", administrator(site))


@cache
def _reports_log_group(site: Site) -> str:
    return deployed(site).reports_log_group
