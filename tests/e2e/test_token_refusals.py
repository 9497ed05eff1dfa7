"""401: what a job, or somebody who is none, hears about its token."""

import pytest

from conftest import Brevet, assert_refused
from local.gitlab import altered


def test_refuses_a_request_without_a_token(brevet: Brevet) -> None:
    assert_refused(brevet.ask("/credentials?role=deploy"), 401, "token_missing")


@pytest.mark.parametrize("text", ["hello", "a.b", "a.b.c", "a.b.c.d", "Basic YTpi"])
def test_refuses_what_is_not_a_signed_token(brevet: Brevet, text: str) -> None:
    assert_refused(brevet.ask("/credentials?role=deploy", text), 401, "token_malformed")


def test_tells_a_job_that_it_sent_the_other_token_it_has(brevet: Brevet) -> None:
    assert_refused(brevet.ask("/credentials?role=deploy", "glcbt-64_Xq2LpR7sVb9TnYw3K"), 401, "not_a_job_token")


def test_refuses_claims_that_somebody_changed(brevet: Brevet) -> None:
    forged = altered(brevet.token(ref="feature/x").text, ref="main", ref_protected="true")
    assert_refused(brevet.credentials("deploy", forged), 401, "token_invalid")


def test_refuses_another_issuer_in_the_words_of_a_wrong_signature(brevet: Brevet) -> None:
    genuine = brevet.token().text
    stranger = brevet.credentials("deploy", altered(genuine, iss="https://gitlab.attacker.example"))
    forger = brevet.credentials("deploy", altered(genuine, project_id="4712"))
    assert_refused(stranger, 401, "token_invalid")
    assert stranger.message == forger.message


def test_an_unverified_caller_cannot_tell_a_known_name_from_an_unknown_one(brevet: Brevet) -> None:
    forged = altered(brevet.token().text, project_id="4711")
    known, unknown = brevet.credentials("deploy", forged), brevet.credentials("no-such-name", forged)
    assert (known.status, known.code, known.message) == (unknown.status, unknown.code, unknown.message)


@pytest.mark.parametrize("audience", [["https://vault.example"], ["https://brevet.local/"], ["sts.amazonaws.com"]])
def test_refuses_a_token_for_somebody_else(brevet: Brevet, audience: list[str]) -> None:
    answer = brevet.credentials("deploy", brevet.token(audience=audience))
    assert_refused(answer, 401, "audience_not_accepted")
    assert audience[0] in answer.message


def test_refuses_a_token_for_two_audiences(brevet: Brevet) -> None:
    token = brevet.token(audience=["https://brevet.local", "https://vault.example"])
    assert_refused(brevet.credentials("deploy", token), 401, "audience_not_accepted")


def test_refuses_an_expired_token(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(age=700, lifetime=600)), 401, "token_expired")


def test_refuses_a_token_from_the_future(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(age=-600)), 401, "token_not_yet_valid")


def test_refuses_a_token_older_than_its_mapping_accepts(brevet: Brevet) -> None:
    brevet.row("only-fresh", max_token_age_seconds=60)
    assert_refused(brevet.credentials("only-fresh", brevet.token(age=120)), 401, "token_too_old")
    assert brevet.credentials("only-fresh", brevet.token()).status == 200


@pytest.mark.parametrize("missing", ["job_id", "project_id", "namespace_id", "pipeline_id", "ref_protected"])
def test_refuses_a_token_of_this_gitlab_that_lacks_what_every_job_has(brevet: Brevet, missing: str) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(claims={missing: None})), 401, "not_a_job_token")


def test_refuses_a_sign_in_token(brevet: Brevet) -> None:
    of_jobs = [name for name in brevet.token().claims if name not in {"iss", "aud", "exp", "nbf", "iat", "jti"}]
    sign_in = {"sub": "2301", "nonce": "n-0S6_WzA2Mj", "groups_direct": ["nordwind/platform"]}
    token = brevet.token(claims={**dict.fromkeys(of_jobs), **sign_in})
    assert_refused(brevet.credentials("deploy", token), 401, "not_a_job_token")
