"""What API Gateway answers by itself has the shape of every other answer."""

import pytest

from conftest import Brevet, assert_refused
from local.asking import ask


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/nothing"), ("DELETE", "/credentials"), ("GET", "/credentials/a/b")]
)
@pytest.mark.parametrize("with_token", [False, True])
def test_an_unknown_route_is_a_bad_request_that_says_what_there_is(
    brevet: Brevet, method: str, path: str, with_token: bool
) -> None:
    answer = brevet.ask(path, brevet.token() if with_token else None, method=method)
    assert_refused(answer, 400, "bad_request")
    assert "/credentials" in answer.message


def test_an_unknown_route_of_a_protected_api_says_what_there_is(brevet: Brevet) -> None:
    answer = ask(brevet.site, f"{brevet.deployment.reports_url}/nothing", brevet.token().text)
    assert_refused(answer, 400, "bad_request")
    assert "/reports" in answer.message


def test_nothing_is_ever_not_found(brevet: Brevet) -> None:
    """SDKs read 404 as: no credentials service here."""
    token = brevet.token()
    for path in ("/credentials/unknown", "/credentials?role=unknown", "/nothing", "/credentials/a/b/c"):
        assert brevet.ask(path, token).status != 404
