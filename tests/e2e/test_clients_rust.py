"""The AWS SDK for Rust: shows the status alone, and does not try again when it is throttled."""

import pytest

from tests.clients.client import Client
from tests.clients.expected import Expected, check, fails, rows, works
from tests.clients.observations import Observations
from tests.clients.rust import RUST
from tests.clients.trial import (
    A_LITTLE_SLOW,
    BEARER,
    ENDING,
    FILE,
    FILE_AND_VARIABLE,
    FILE_WITH_NEWLINE,
    FIRST_USE,
    LASTING,
    PROCESS,
    PROCESS_REFUSED,
    REFUSED,
    RELATIVE_URI,
    SLOW,
    THROTTLED_ONCE,
    UNAVAILABLE_FOR_GOOD,
    UNAVAILABLE_ONCE,
    Trial,
)

EXPECTED = {
    FIRST_USE: works(),
    BEARER: works(),
    FILE: works(),
    FILE_WITH_NEWLINE: fails(0, "the auth token could not be used as an HTTP header value"),
    FILE_AND_VARIABLE: works(),
    RELATIVE_URI: fails(0, ""),
    REFUSED: fails(1, "Non-success status from HTTP credential provider: StatusCode(403)"),
    UNAVAILABLE_ONCE: works(2),
    UNAVAILABLE_FOR_GOOD: fails(3, "StatusCode(503)"),
    THROTTLED_ONCE: fails(1, "StatusCode(429)"),
    A_LITTLE_SLOW: works(),
    SLOW: works(),
    LASTING: works(1),
    ENDING: works(3),
    PROCESS: works(),
    PROCESS_REFUSED: fails(1, "external process exited with code exit status: 77. Stderr: brevet: conditions_not_met"),
}


@pytest.mark.parametrize(("client", "trial", "expected"), rows(RUST, EXPECTED))
def test_the_sdk_for_rust_behaves_as_the_table_says(
    observations: Observations, client: Client, trial: Trial, expected: Expected
) -> None:
    check(observations.of(client, trial), expected)
