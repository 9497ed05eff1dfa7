"""The AWS SDK for Go v2: shows code and message, and tries what may pass again."""

import pytest

from tests.clients.client import Client
from tests.clients.expected import Expected, check, fails, rows, works
from tests.clients.go import GO
from tests.clients.observations import Observations
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
    FILE_WITH_NEWLINE: fails(0, "authorization token contains invalid newline sequence"),
    FILE_AND_VARIABLE: works(),
    RELATIVE_URI: fails(0, ""),
    REFUSED: fails(1, "conditions_not_met: mapping `clients` requires another `ref`: this job presented `feature/x`"),
    UNAVAILABLE_ONCE: works(2),
    # Three attempts of the SDK, and rclone itself tries once more.
    UNAVAILABLE_FOR_GOOD: fails(6, "exceeded maximum number of attempts, 3, sts_unavailable"),
    THROTTLED_ONCE: works(2),
    A_LITTLE_SLOW: works(),
    SLOW: works(),
    LASTING: works(1),
    ENDING: works(3),
    PROCESS: works(),
    PROCESS_REFUSED: fails(1, "error in credential_process: exit status 77"),
}


@pytest.mark.parametrize(("client", "trial", "expected"), rows(GO, EXPECTED))
def test_the_sdk_for_go_behaves_as_the_table_says(
    observations: Observations, client: Client, trial: Trial, expected: Expected
) -> None:
    check(observations.of(client, trial), expected)
