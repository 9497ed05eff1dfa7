"""A job that outlives its first session, and one that outlives its ID token."""

import time

import pytest

from conftest import Brevet, assert_refused
from local.audit import audit_lines
from local.aws import Credentials, client
from local.gitlab import JobToken
from local.job import Job

# boto3 fetches anew when a session has less than 15 minutes left: one of 900 s, the shortest of STS, is over for it
# at once, so that each use shows what happens at the end of a longer one.
SHORT = "deploy&duration_seconds=900"
USES_ITS_SESSION = """
import sys, time, boto3
session = boto3.Session()
for pause in [0, *map(float, sys.argv[1:])]:
    time.sleep(pause)
    print(session.client("sts").get_caller_identity()["Arn"], session.get_credentials().access_key, flush=True)
"""
# A token is taken until ten seconds after its end, to allow for clocks.
LEEWAY_SECONDS = 10


def test_each_vend_of_one_token_is_a_session_of_its_own_and_all_of_them_last(brevet: Brevet) -> None:
    token = brevet.token()
    sessions = [_short_session(brevet, token) for _ in range(3)]
    assert len({session.access_key_id for session in sessions}) == 3
    assert {_caller(brevet, session) for session in sessions} == {token.session_name}


def test_a_process_that_outlives_its_session_gets_the_next_by_itself(brevet: Brevet) -> None:
    token = brevet.token()
    done = Job(brevet.site, token, role=SHORT).run("python", "-c", USES_ITS_SESSION, "0", "0")
    assert done.returncode == 0, done.stderr
    callers, keys = zip(*(line.split() for line in done.stdout.splitlines()), strict=True)
    assert {caller.rsplit("/", 1)[-1] for caller in callers} == {token.session_name}
    assert len(set(keys)) == 3, "each use after the end of a session has a new one"
    lines = audit_lines(brevet.deployment, token.session_name, at_least=3)
    assert set(keys) <= {line["access_key_id"] for line in lines}, "an auditor finds every session of the job"


def test_a_job_whose_token_has_expired_hears_what_to_do(brevet: Brevet) -> None:
    token = _about_to_expire(brevet, seconds=0)
    answer = brevet.credentials("deploy", token)
    assert_refused(answer, 401, "token_expired")
    assert "raise" in answer.message
    assert "`timeout:`" in answer.message


def test_the_user_of_an_sdk_is_shown_what_to_do(brevet: Brevet) -> None:
    done = Job(brevet.site, _about_to_expire(brevet, seconds=0), role=SHORT).run("python", "-c", USES_ITS_SESSION)
    assert done.returncode != 0
    assert "token_expired" in done.stderr
    assert "`timeout:`, so raise that" in done.stderr


def test_a_session_outlives_the_token_it_was_given_for(brevet: Brevet) -> None:
    token = _about_to_expire(brevet, seconds=4)
    session = _short_session(brevet, token)
    deadline = time.monotonic() + 15
    while brevet.credentials("deploy", token).status == 200 and time.monotonic() < deadline:
        time.sleep(0.5)
    assert_refused(brevet.credentials("deploy", token), 401, "token_expired")
    assert _caller(brevet, session) == token.session_name


def test_a_process_goes_on_with_its_session_when_no_next_one_is_to_be_had(brevet: Brevet) -> None:
    """As long as boto3 may: it insists on a new session from ten minutes before the end of the old one."""
    token = _about_to_expire(brevet, seconds=6)
    done = Job(brevet.site, token, role=SHORT).run("python", "-c", USES_ITS_SESSION, "8")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2
    assert brevet.credentials("deploy", token).status == 401


@pytest.mark.parametrize("seconds", [3601, 7200])
def test_refuses_a_session_of_more_than_an_hour_where_a_role_assumes_a_role(brevet: Brevet, seconds: int) -> None:
    """STS caps such sessions at an hour, so a row that promises more promises what nobody can give."""
    brevet.row("long", duration_seconds=seconds)
    assert_refused(brevet.credentials("long"), 403, "no_mapping")


def _about_to_expire(brevet: Brevet, seconds: int) -> JobToken:
    """A token that is taken for so many seconds more."""
    return brevet.token(age=600 + LEEWAY_SECONDS - seconds, lifetime=600)


def _short_session(brevet: Brevet, token: JobToken) -> Credentials:
    answer = brevet.ask(f"/credentials?role={SHORT}", token)
    assert answer.status == 200, answer.text
    return Credentials(answer.json["AccessKeyId"], answer.json["SecretAccessKey"], answer.json["SessionToken"])


def _caller(brevet: Brevet, session: Credentials) -> str:
    return client(brevet.site, "sts", session).get_caller_identity()["Arn"].rsplit("/", 1)[-1]
