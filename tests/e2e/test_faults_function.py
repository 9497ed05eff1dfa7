"""The functions themselves fail, or their clocks: rows `function-*` and `clock-*` of docs/faults.md."""

import os
import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with, process_of, reports_authorizer_with
from local.asking import Answer, ask
from local.deployment import Deployment
from local.gitlab import rotate_keys, set_outage
from tests.faults.aws import aws_with_faults
from tests.faults.behaviours import hangs
from tests.faults.clock import MovedClock
from tests.faults.fault import Fault
from tests.faults.function import BY_NAME
from under_fault import Seen, ask_credentials, ask_route, assert_said, open_again

PATIENCE_SECONDS = 5.0
TWENTY_MINUTES = 1200
A_DAY = 86_400


def test_a_function_with_a_wrong_setting_answers_nobody_and_names_it(brevet: Brevet) -> None:
    fault = BY_NAME["function-settings"]
    with (
        credentials_function_with(brevet.deployment, TRUSTED_ISSUERS="hunter2") as name,
        reports_authorizer_with(brevet.deployment, ROUTE_POLICY="hunter2"),
    ):
        _assert_no_answer(fault, brevet.credentials("deploy"), _route(brevet))
        assert "TRUSTED_ISSUERS: not a JSON array" in _log(brevet), name
        assert "hunter2" not in _log(brevet)
    assert open_again(brevet)


def test_a_table_that_is_not_there_is_for_the_log_alone(brevet: Brevet) -> None:
    with ExitStack() as functions:
        for function_with in (credentials_function_with, reports_authorizer_with):
            functions.enter_context(function_with(brevet.deployment, ROLE_MAPPING_TABLE="no-such-table"))
        job, route = ask_credentials(brevet), ask_route(brevet)
    assert_refused(job.answer, 500, "misconfigured")
    assert route.answer.status == 500
    # The roles of the functions name their table, so IAM is the first to say no.
    assert job.audit["detail"] == route.audit["detail"] == "access to the table was denied"
    assert "no-such-table" not in job.answer.text + route.answer.text


def test_a_process_that_is_killed_takes_its_request_alone_with_it(brevet: Brevet) -> None:
    fault = BY_NAME["function-killed"]
    with (
        aws_with_faults(brevet.site) as aws,
        credentials_function_with(brevet.deployment, AWS_ENDPOINT_URL_STS=aws.url) as vending,
        reports_authorizer_with(brevet.deployment, AWS_ENDPOINT_URL_DYNAMODB=aws.url) as authorizer,
        ThreadPoolExecutor() as pool,
    ):
        assert open_again(brevet)
        answers = []
        for question, name, operation in (
            (lambda: brevet.credentials("deploy"), vending, "AssumeRole"),
            (lambda: _route(brevet), authorizer, "BatchGetItem"),
        ):
            before = aws.count(operation)
            aws.behave(operation, hangs)
            answer = pool.submit(question)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while aws.count(operation) == before and time.monotonic() < deadline:
                time.sleep(0.01)
            os.kill(process_of(brevet.deployment, name), signal.SIGKILL)
            answers.append(answer.result())
            aws.mend()
        _assert_no_answer(fault, *answers)
        assert open_again(brevet)


def test_a_request_that_there_is_no_memory_for_is_the_only_one_that_fails(brevet: Brevet) -> None:
    fault = BY_NAME["function-memory"]
    with (
        credentials_function_with(brevet.deployment) as vending,
        reports_authorizer_with(brevet.deployment) as authorizer,
    ):
        assert open_again(brevet)
        for name in (vending, authorizer):
            _no_more_memory(process_of(brevet.deployment, name))
        body = {"role": "deploy", "padding": "x" * 3_000_000}
        job = brevet.ask("/credentials", brevet.token(), method="POST", body=body)
        # The gateway takes no head over 16 KB, so this one runs out of memory by the tokens it remembers.
        routes = (_route(brevet, padding="x" * 10_000) for _ in range(300))
        _assert_no_answer(fault, job, next(answer for answer in routes if answer.status != 200))
        assert open_again(brevet)


@pytest.fixture(scope="module")
def clock(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovedClock]:
    """Of both functions."""
    clock = MovedClock.in_folder(tmp_path_factory.mktemp("clock"))
    with ExitStack() as functions:
        for function_with in (credentials_function_with, reports_authorizer_with):
            functions.enter_context(function_with(deployment, **clock.variables))
        yield clock


@pytest.mark.parametrize(
    ("name", "ahead", "age"),
    [
        ("clock-within-leeway", 8, 0),
        ("clock-within-leeway", -8, 0),
        ("clock-behind", -60, 0),
        ("clock-ahead", 3700, 0),
        ("clock-of-aws", TWENTY_MINUTES, -TWENTY_MINUTES),
        ("clock-of-aws", -TWENTY_MINUTES, TWENTY_MINUTES),
    ],
)
def test_clocks_differ(brevet: Brevet, clock: MovedClock, name: str, ahead: int, age: int) -> None:
    fault = BY_NAME[name]
    clock.set_ahead(ahead)
    assert_said(ask_credentials(brevet, token=brevet.token(age=age)), fault.job, brevet)
    assert_said(ask_route(brevet, brevet.token(age=age)), fault.route, brevet)


def test_a_clock_that_is_set_right_is_believed_after_a_request_or_two(brevet: Brevet, clock: MovedClock) -> None:
    fault = BY_NAME["clock-set-right"]
    clock.set_ahead(TWENTY_MINUTES)
    ahead = brevet.token(age=-TWENTY_MINUTES), brevet.token(age=-TWENTY_MINUTES)
    assert (brevet.credentials("deploy", ahead[0]).status, _route(brevet, ahead[1].text).status) == (200, 200)
    clock.set_ahead(0)
    assert_said(ask_credentials(brevet), fault.job, brevet, fault.logged)
    assert_said(ask_route(brevet), fault.route, brevet, fault.logged)
    assert_refused(brevet.credentials("deploy"), 503, "sts_unavailable")
    assert open_again(brevet)


def test_keys_that_were_fetched_in_the_future_are_fetched_again(brevet: Brevet, tmp_path: Path) -> None:
    fault = BY_NAME["clock-set-back-hours"]
    clock, ahead = MovedClock.in_folder(tmp_path), 3 * 3600
    clock.set_ahead(ahead)
    with ExitStack() as functions:
        for function_with in (credentials_function_with, reports_authorizer_with):
            functions.enter_context(function_with(brevet.deployment, **clock.variables))
        # Where AWS is not asked, the SDK need not learn what time it is.
        refused = brevet.credentials("deploy", brevet.token(age=-ahead, lifetime=-60))
        assert_refused(refused, 401, "token_expired")
        assert _route(brevet, brevet.token(age=-ahead, lifetime=-60).text).status == 401
        rotate_keys(brevet.site)
        clock.set_ahead(0)
        assert_said(ask_credentials(brevet), fault.job, brevet)
        assert_said(ask_route(brevet), fault.route, brevet)


def test_keys_serve_for_a_day_without_gitlab_and_no_longer(brevet: Brevet, tmp_path: Path) -> None:
    fault = BY_NAME["keys-a-day-old"]
    clock, start = MovedClock.in_folder(tmp_path), int(time.time())

    def at(seconds: int) -> tuple[Seen, Seen]:
        clock.stop_at(start + seconds)
        # Older than the clock, which stands still.
        job, route = brevet.token(age=600 - seconds), brevet.token(age=600 - seconds)
        # By such a clock every session has ended: that the rows are read tells that the token was believed.
        return ask_credentials(brevet, "?role=no-such-name", job), ask_route(brevet, route)

    with ExitStack() as stack:
        clock.stop_at(start)
        for function_with in (credentials_function_with, reports_authorizer_with):
            stack.enter_context(function_with(brevet.deployment, **clock.variables))
        assert [seen.answer.status for seen in at(0)] == [403, 200]
        stack.callback(set_outage, brevet.site, "up")
        set_outage(brevet.site, "down")
        assert [seen.answer.status for seen in at(A_DAY - 1)] == [403, 200]
        for seen, said in zip(at(A_DAY + 31), (fault.job, fault.route), strict=True):
            assert_said(seen, said, brevet, seen.audit.get("detail", ""))
            assert {line["fault"] for line in seen.lines if "fault" in line} == {"answered with status 503"}
        set_outage(brevet.site, "up")
        assert [seen.answer.status for seen in at(A_DAY + 31 + 29)] == [503, 500], "the cool-down is not over"
        assert [seen.answer.status for seen in at(A_DAY + 31 + 30)] == [403, 200]


def _assert_no_answer(fault: Fault, job: Answer, route: Answer) -> None:
    assert (job.status, route.status) == (fault.job.status, fault.route.status), job.text + route.text
    assert "SecretAccessKey" not in job.text
    assert '"caller"' not in route.text


def _route(brevet: Brevet, token: str | None = None, padding: str = "") -> Answer:
    headers = {"X-Padding": padding} if padding else {}
    url = f"{brevet.deployment.reports_url}/reports/7"
    return ask(brevet.site, url, token or brevet.token().text, headers=headers)


def _no_more_memory(process: int) -> None:
    """Whatever the process asks the system for from now on, it does not get."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[0])
    most = pages * resource.getpagesize()
    resource.prlimit(process, resource.RLIMIT_AS, (most, most))


def _log(brevet: Brevet) -> str:
    """What the emulator shows of its functions, those that did not start among them."""
    return brevet.site.log("aws").read_text()
