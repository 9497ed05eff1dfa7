"""GitLab's keys: rotated, or not to be had."""

import time
from collections.abc import Iterator

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with
from local.gitlab import rotate_keys, set_outage


@pytest.fixture
def outage(brevet: Brevet) -> Iterator[None]:
    set_outage(brevet.site, "down")
    yield
    set_outage(brevet.site, "up")


def test_a_token_of_a_new_key_is_accepted_soon_and_one_of_the_old_key_no_longer(brevet: Brevet) -> None:
    before = brevet.token()
    assert brevet.credentials("deploy", before).status == 200
    rotate_keys(brevet.site)
    after = brevet.token()
    # One fetch in 30 s is allowed, whoever asks.
    deadline = time.monotonic() + 35
    while (answer := brevet.credentials("deploy", after)).status != 200 and time.monotonic() < deadline:
        time.sleep(1)
    assert answer.status == 200, answer.text
    assert_refused(brevet.credentials("deploy", before), 401, "token_invalid")


def test_keys_in_the_cache_outlast_an_outage(brevet: Brevet, outage: None) -> None:
    assert brevet.credentials("deploy").status == 200


def test_a_new_process_without_keys_says_that_it_cannot_tell(brevet: Brevet, outage: None) -> None:
    with credentials_function_with(brevet.deployment):
        answer = brevet.credentials("deploy")
    assert_refused(answer, 503, "keys_unavailable")
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
