"""The AWS SDKs for Java and .NET, by the requests that their sources show."""

import pytest

from tests.clients.client import Client
from tests.clients.expected import Expected, check, fails, rows, works
from tests.clients.observations import Observations
from tests.clients.replayed import DOTNET, JAVA
from tests.clients.trial import (
    A_LITTLE_SLOW,
    BEARER,
    FILE,
    FILE_AND_VARIABLE,
    FILE_WITH_NEWLINE,
    FIRST_USE,
    REFUSED,
    SLOW,
    THROTTLED_ONCE,
    UNAVAILABLE_FOR_GOOD,
    UNAVAILABLE_ONCE,
    Trial,
)

OF_JAVA = {
    FIRST_USE: works(),
    BEARER: works(),
    FILE: works(),
    FILE_WITH_NEWLINE: fails(0, "Illegal character(s) in message header value: <the token>", shows_the_token=True),
    # The variable comes first, and what is in it is no token.
    FILE_AND_VARIABLE: fails(1, "this is not a well-formed ID token"),
    REFUSED: fails(1, "(debug log: mapping `clients` requires another `ref`: this job presented `feature/x`)"),
    UNAVAILABLE_ONCE: works(2),
    UNAVAILABLE_FOR_GOOD: fails(6, "(debug log: STS does not answer: try again)"),
    THROTTLED_ONCE: fails(1, "(debug log: STS is asked too much: try again)"),
    A_LITTLE_SLOW: fails(6, "(debug log: Read timed out)"),
    SLOW: fails(6, "(debug log: Read timed out)"),
}
OF_DOTNET = {
    FIRST_USE: works(),
    BEARER: works(),
    FILE: works(),
    FILE_AND_VARIABLE: works(),
    REFUSED: fails(5, "Response status code does not indicate success: 403 (Forbidden)."),
    UNAVAILABLE_ONCE: works(2),
    UNAVAILABLE_FOR_GOOD: fails(5, "Response status code does not indicate success: 503 (Service Unavailable)."),
    THROTTLED_ONCE: works(2),
    A_LITTLE_SLOW: works(),
    SLOW: works(),
}


@pytest.mark.parametrize(("client", "trial", "expected"), [*rows(JAVA, OF_JAVA), *rows(DOTNET, OF_DOTNET)])
def test_the_requests_of_the_sdks_for_java_and_dotnet_are_answered_as_the_table_says(
    observations: Observations, client: Client, trial: Trial, expected: Expected
) -> None:
    check(observations.of(client, trial), expected)
