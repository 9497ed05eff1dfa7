"""The AWS SDK for JavaScript v3, alone and in the CDK CLI: every failure ends in an error about something else."""

import pytest

from tests.clients.cdk import CDK
from tests.clients.client import Client
from tests.clients.expected import Expected, check, fails, rows, works
from tests.clients.javascript import JAVASCRIPT
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

PATIENT = (
    "@smithy/node-http-handler - [WARN] a request has exceeded the configured 1000 ms requestTimeout. "
    "Init client requestHandler with throwOnRequestTimeout=true to turn this into an error."
)
MISLEADING = "CredentialsProviderError: 127.0.0.2 is not a valid container metadata service hostname"
NO_PROVIDER = "CredentialsProviderError: Could not load credentials from any providers"
NOTHING_CONFIGURED = "Need to perform AWS calls for account 444455556666, but no credentials have been configured"


def expected_with(error: str, renewals: int) -> dict[Trial, Expected]:
    return {
        FIRST_USE: works(),
        BEARER: works(),
        FILE: works(),
        FILE_WITH_NEWLINE: fails(0, error),
        FILE_AND_VARIABLE: works(),
        RELATIVE_URI: fails(0, ""),
        REFUSED: fails(4, error),
        UNAVAILABLE_ONCE: works(2),
        UNAVAILABLE_FOR_GOOD: fails(4, error),
        THROTTLED_ONCE: works(2),
        A_LITTLE_SLOW: works(1, PATIENT),
        SLOW: works(1, PATIENT),
        LASTING: works(1),
        ENDING: works(renewals),
        PROCESS: works(),
        # Two of its providers read the profile, and neither says what became of it.
        PROCESS_REFUSED: fails(2, NO_PROVIDER if error == MISLEADING else error),
    }


@pytest.mark.parametrize(
    ("client", "trial", "expected"),
    [
        # One session to begin with, and one for each use. The CDK CLI uses them at the same time.
        *rows(JAVASCRIPT, expected_with(MISLEADING, renewals=4)),
        *rows(CDK, expected_with(NOTHING_CONFIGURED, renewals=2)),
    ],
)
def test_the_sdk_for_javascript_behaves_as_the_table_says(
    observations: Observations, client: Client, trial: Trial, expected: Expected
) -> None:
    check(observations.of(client, trial), expected)
