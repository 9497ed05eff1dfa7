"""What a client's own test says of each of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.clients.client import Client
from tests.clients.outcome import Outcome
from tests.clients.trial import Trial


@dataclass(frozen=True)
class Expected:
    has_the_role: bool
    requests: int
    # All that is seen when there is the role, and a part of it when there is not.
    sees: str
    shows_the_token: bool = False


def works(requests: int = 1, warning: str = "") -> Expected:
    return Expected(True, requests, warning)


def fails(requests: int, sees: str, shows_the_token: bool = False) -> Expected:
    return Expected(False, requests, sees, shows_the_token)


def rows(client: Client, expected: Mapping[Trial, Expected]) -> list[Any]:
    """One test for each row of a client: none is left out, and none is made up."""
    assert set(expected) == set(client.trials), client.name
    return [pytest.param(client, trial, expected[trial], id=f"{client.name}: {trial.tried}") for trial in client.trials]


def check(outcome: Outcome, expected: Expected) -> None:
    assert outcome.has_the_role == expected.has_the_role, outcome
    assert outcome.requests == expected.requests, outcome
    assert outcome.shows_the_token == expected.shows_the_token
    if expected.has_the_role:
        assert outcome.sees == expected.sees
    else:
        assert expected.sees in outcome.sees
