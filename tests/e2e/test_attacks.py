"""The attack corpus over HTTP: every token that a client can send, at both functions, through the real gateway."""

import http.client
import json
import re
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from conftest import Brevet
from local.aws import administrator, client, tls_context
from local.gitlab import PROGRAM

AT_ONCE = 8
# Refusals of a job that has proved who it is: the authorizer of `/whoami` lets it in.
BY_ROWS = {"granted", "no_mapping", "conditions_not_met", "fork_pipeline"}
# As much of a token's part as is looked for in the log: its middle.
PIECE = 16
LONG_WORD = re.compile(rf"[\w-]{{{PIECE},}}")
# Log lines arrive a moment after the answer.
LOG_PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class Attack:
    """A line of `local-gitlab attacks`."""

    table: str
    name: str
    authorization: list[str]
    expect: str
    confidential: list[str]


@dataclass(frozen=True)
class Answered:
    status: int
    text: str

    @property
    def code(self) -> str:
        return "granted" if self.status == 200 else json.loads(self.text)["code"]


class Gateway:
    """The address of the API, with one connection a thread."""

    def __init__(self, brevet: Brevet) -> None:
        address = urlsplit(brevet.deployment.api_url)
        self.host, self.port, self.stage = address.hostname or "", address.port, address.path
        self.trust = tls_context(brevet.site)
        self.own = threading.local()

    def ask(self, path: str, authorization: list[str]) -> Answered:
        """The answer of a function: the stage lets only so many requests a second in, and says when to come back."""
        while True:
            answer = self._once(path, authorization)
            if answer.status != http.HTTPStatus.TOO_MANY_REQUESTS:
                return answer
            time.sleep(1)

    def _once(self, path: str, authorization: list[str]) -> Answered:
        if not hasattr(self.own, "connection"):
            self.own.connection = http.client.HTTPSConnection(self.host, self.port, context=self.trust, timeout=30)
        connection: http.client.HTTPSConnection = self.own.connection
        connection.putrequest("GET", self.stage + path)
        for value in authorization:
            connection.putheader("Authorization", value)
        connection.endheaders()
        answer = connection.getresponse()
        return Answered(answer.status, answer.read().decode())


@pytest.fixture(scope="module")
def attacks(deployment) -> list[Attack]:
    command = [str(PROGRAM), "attacks", "--state", str(deployment.site.gitlab_state)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [Attack(**json.loads(line)) for line in printed.splitlines()]


@pytest.fixture
def brevet_with_a_row(brevet: Brevet) -> Brevet:
    brevet.row("attacked", conditions={"ref_protected": "true", "ref": "main"})
    return brevet


def test_every_attack_has_its_exact_answer_and_leaves_no_trace_of_its_token(
    brevet_with_a_row: Brevet, attacks: list[Attack]
) -> None:
    brevet, gateway, began = brevet_with_a_row, Gateway(brevet_with_a_row), int(time.time() * 1000)
    assert len(attacks) >= 500, "the corpus has lost most of its cases"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = list(pool.map(lambda attack: gateway.ask("/credentials?role=attacked", attack.authorization), attacks))
        called = list(pool.map(lambda attack: gateway.ask("/whoami", attack.authorization), attacks))
    faults = [
        f"{attack.table}: {attack.name}: {attack.expect}, not {answered.status} {answered.code}"
        for attack, answered in zip(attacks, asked, strict=True)
        if (answered.code, answered.status) != (attack.expect, _status(attack.expect))
    ]
    faults += [
        f"{attack.table}: {attack.name}: /whoami answers {answered.status}"
        for attack, answered in zip(attacks, called, strict=True)
        if answered.status != (200 if attack.expect in BY_ROWS else 401)
    ]
    assert faults == []

    refused = [answered.text for attack, answered in zip(attacks, asked, strict=True) if attack.expect not in BY_ROWS]
    logged = _logged(brevet, began, at_least=len(attacks))
    assert any('"asked_for":"attacked"' in line for line in logged), "the logs read here should be the ones written to"
    seen = _pieces([*logged, *refused])
    leaks = [
        f"{attack.table}: {attack.name}: {middle}"
        for attack in attacks
        for middle in map(_middle, attack.confidential)
        if middle in seen
    ]
    assert leaks == []


def _status(code: str) -> int:
    return 200 if code == "granted" else 403 if code in BY_ROWS else 401


def _middle(word: str) -> str:
    return word[len(word) // 2 - PIECE // 2 :][:PIECE]


def _pieces(texts: Iterable[str]) -> set[str]:
    """Every piece of this length in the longer words: looking a piece up takes no time, and there are thousands."""
    words = {word for text in texts for word in LONG_WORD.findall(text)}
    return {word[at : at + PIECE] for word in words for at in range(len(word) - PIECE + 1)}


def _logged(brevet: Brevet, since: int, at_least: int) -> list[str]:
    """Every line of every log group, once there are as many decisions as questions."""
    deadline = time.monotonic() + LOG_PATIENCE_SECONDS
    while True:
        lines = list(_lines(brevet, since))
        if sum('"kind":"audit"' in line for line in lines) >= at_least or time.monotonic() > deadline:
            return lines
        time.sleep(0.5)


def _lines(brevet: Brevet, since: int) -> Iterator[str]:
    logs = client(brevet.site, "logs", administrator(brevet.site))
    for groups in logs.get_paginator("describe_log_groups").paginate():
        for group in groups["logGroups"]:
            pages = logs.get_paginator("filter_log_events").paginate(
                logGroupName=group["logGroupName"], startTime=since
            )
            for page in pages:
                yield from (event["message"] for event in page["events"])
