"""boto3 and version 1 of the AWS CLI: what is in a refusal is shown, and everything that fails is tried three times."""

import pytest

from tests.clients.boto import AWS_CLI, BOTO3
from tests.clients.client import Client
from tests.clients.expected import Expected, check, fails, rows, works
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

BOTH = {
    FIRST_USE: works(),
    BEARER: works(),
    FILE: works(),
    FILE_WITH_NEWLINE: fails(0, "Auth token value is not a legal header value"),
    FILE_AND_VARIABLE: works(),
    RELATIVE_URI: fails(0, ""),
    REFUSED: fails(3, '"Message":"mapping `clients` requires another `ref`: this job presented `feature/x`"'),
    UNAVAILABLE_ONCE: works(2),
    UNAVAILABLE_FOR_GOOD: fails(3, '"code": "sts_unavailable"'),
    THROTTLED_ONCE: works(2),
    A_LITTLE_SLOW: works(),
    SLOW: fails(3, "Read timeout on endpoint URL"),
    PROCESS: works(),
    PROCESS_REFUSED: fails(1, "custom-process: brevet: conditions_not_met: mapping `clients` requires another `ref`"),
}
# Fourteen minutes are within the quarter of an hour before the end: it asks twice to begin with, and once at each use.
AS_A_PROGRAM = {LASTING: works(1), ENDING: works(4)}
# Nothing is kept from one command to the next.
AS_COMMANDS = {LASTING: works(3), ENDING: works(6)}


@pytest.mark.parametrize(
    ("client", "trial", "expected"), [*rows(BOTO3, BOTH | AS_A_PROGRAM), *rows(AWS_CLI, BOTH | AS_COMMANDS)]
)
def test_botocore_behaves_as_the_table_says(
    observations: Observations, client: Client, trial: Trial, expected: Expected
) -> None:
    check(observations.of(client, trial), expected)
