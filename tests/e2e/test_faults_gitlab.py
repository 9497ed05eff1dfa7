"""GitLab's keys cannot be had, or are the wrong ones: rows `keys-*`, `discovery-*` and `tls-*` of docs/faults.md."""

from collections.abc import Iterator

import pytest

from conftest import Brevet
from keys_walk import COOL_DOWN, Walk, walk
from local.asking import Answer
from local.deployment import Deployment
from tests.faults.fault import Said
from tests.faults.keys import KEYS, UNKNOWN, KeysFault
from under_fault import Seen, assert_said

every_fault = pytest.mark.parametrize("fault", KEYS, ids=lambda fault: fault.name)


@pytest.fixture(scope="module")
def walked(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    yield walk(Brevet(deployment), tmp_path_factory.mktemp("keys"))


@every_fault
def test_a_function_that_starts_meanwhile(brevet: Brevet, walked: Walk, fault: KeysFault) -> None:
    job, route = walked.seen[fault.name, "while it starts"]
    _assert_said(brevet, job, fault.cold)
    _assert_said(brevet, route, Said(fault.route.status))
    if fault.cold.is_worth_a_retry:
        assert int(job.answer.headers["Retry-After"]) <= COOL_DOWN


@every_fault
def test_the_cause_is_logged_and_counted(walked: Walk, fault: KeysFault) -> None:
    issuer = walked.gitlabs.issuer(fault)
    causes = [line["fault"] for line in walked.started if line.get("issuer") == issuer and "fault" in line]
    assert causes == ([fault.logged] if fault.logged else [])
    failed = sum(line.get("KeyFetch", 0) for line in walked.started if line.get("Outcome") == "failed")
    assert failed == sum(1 for each in KEYS if each.logged)


@every_fault
def test_gitlab_is_asked_no_more_often_than_the_cool_down_allows(walked: Walk, fault: KeysFault) -> None:
    asked = [
        walked.fetches[fault.name, moment]
        for moment in ("while it starts", "still", "mended, in the cool-down", "mended, after the cool-down")
    ]
    # Each of the two functions once; of a server that takes no connection nobody knows.
    functions = 2 if fault.server == "http" else 0
    assert asked == [functions] * 3 + [functions + 2]


@every_fault
def test_nothing_changes_before_the_cool_down_is_over_and_everything_right_after(
    walked: Walk, fault: KeysFault
) -> None:
    statuses = (fault.cold.status, fault.route.status)
    assert _statuses(walked, fault, "still") == statuses
    assert _statuses(walked, fault, "mended, in the cool-down") == statuses
    assert _statuses(walked, fault, "mended, after the cool-down") == (200, 200)


@every_fault
def test_keys_in_the_cache_do_not_need_gitlab(walked: Walk, fault: KeysFault) -> None:
    assert _statuses(walked, fault, "with its keys cached") == (200, 200)


@every_fault
def test_a_key_that_was_rotated_meanwhile(brevet: Brevet, walked: Walk, fault: KeysFault) -> None:
    job, route = walked.seen[fault.name, "rotated"]
    _assert_said(brevet, job, fault.rotated)
    _assert_said(brevet, route, Said(fault.route.status))
    assert _statuses(walked, fault, "rotated, old token") == (fault.old.status, fault.old.status)


@every_fault
def test_a_rotation_is_obeyed_as_soon_as_gitlab_is_well(walked: Walk, fault: KeysFault) -> None:
    assert _statuses(walked, fault, "rotated and mended") == (200, 200)
    assert _statuses(walked, fault, "rotated and mended, old token") == (401, 401)


def _assert_said(brevet: Brevet, seen: Seen, said: Said) -> None:
    detail = seen.audit.get("detail", "")
    assert detail == "unknown key" if said.status == UNKNOWN.status else "unknown" not in detail
    assert_said(seen, said, brevet, detail)


def _statuses(walked: Walk, fault: KeysFault, moment: str) -> tuple[int, int]:
    answers: tuple[Answer, Answer] = walked.answers[fault.name, moment]
    return answers[0].status, answers[1].status
