"""The authorizer before somebody else's API, and before Brevet's own routes, with the gateway's cache on."""

import pytest

from conftest import Brevet, assert_refused
from local.asking import Answer, ask
from local.audit import log_lines
from local.gitlab import JobToken, altered


def _call(brevet: Brevet, token: JobToken | str | None, method: str, path: str, url: str | None = None) -> Answer:
    text = token.text if isinstance(token, JobToken) else token
    return ask(brevet.site, (url or brevet.deployment.reports_url) + path, text, method=method)


def test_refuses_a_call_without_a_token_and_does_not_ask_the_authorizer(brevet: Brevet) -> None:
    answer = _call(brevet, None, "GET", "/reports/42")
    assert_refused(answer, 401, "token_invalid")
    assert "Authorization" in answer.message


@pytest.mark.parametrize("text", ["rubbish", "a.b.c"])
def test_refuses_rubbish_with_the_status_that_means_it(brevet: Brevet, text: str) -> None:
    assert_refused(_call(brevet, text, "GET", "/reports/42"), 401, "token_invalid")


def test_refuses_a_forged_token(brevet: Brevet) -> None:
    forged = altered(brevet.token(project="nordwind/platform/web").text, project_id="4711")
    assert_refused(_call(brevet, forged, "GET", "/reports/42"), 401, "token_invalid")


def test_refuses_an_expired_token(brevet: Brevet) -> None:
    assert_refused(_call(brevet, brevet.token(age=700, lifetime=600), "GET", "/reports/42"), 401, "token_invalid")


@pytest.mark.parametrize(
    "job",
    [{"ref": "feature/x"}, {"project_id": 5999}, {"project": "nordwind/platform/web"}, {"fork": True}],
)
def test_refuses_a_verified_job_that_no_row_admits(brevet: Brevet, job: dict[str, object]) -> None:
    assert _call(brevet, brevet.token(**job), "GET", "/reports/42").status == 403


def test_tells_routes_of_one_token_apart_while_the_answer_is_cached(brevet: Brevet) -> None:
    token = brevet.token()
    calls = [("GET", "/reports/1"), ("POST", "/deployments"), ("GET", "/reports/2"), ("POST", "/deployments")]
    assert [_call(brevet, token, *call).status for call in calls] == [200, 403, 200, 403]
    assert len(_decisions(brevet, token)) == 1, "one decision should have served all four calls"


def test_the_first_call_being_the_refused_one_changes_nothing(brevet: Brevet) -> None:
    token = brevet.token()
    calls = [("POST", "/deployments"), ("GET", "/reports/1")]
    assert [_call(brevet, token, *call).status for call in calls] == [403, 200]
    assert len(_decisions(brevet, token)) == 1


def test_the_backend_gets_the_verified_claims(brevet: Brevet) -> None:
    token = brevet.token()
    caller = _call(brevet, token, "GET", "/reports/42").json["caller"]
    for claim in ("project_id", "project_path", "ref", "ref_protected", "user_login", "pipeline_source", "jti"):
        assert caller[claim] == str(token.claims[claim])
    assert caller["issuer"] == brevet.site.issuer
    assert caller["exp"] == str(token.claims["exp"])
    job = token.claims["job_id"]
    assert caller["principalId"] == f"{brevet.site.issuer_host}/project/4711/job/{job}"
    assert "claims" not in caller


def test_tells_routes_apart_on_an_http_api_as_well(brevet: Brevet) -> None:
    token, url = brevet.token(), brevet.deployment.reports_http_url
    assert _call(brevet, token, "POST", "/deployments", url).status == 403
    admitted = _call(brevet, token, "GET", "/reports/42", url)
    assert (admitted.status, admitted.json["caller"]["project_id"]) == (200, "4711")
    assert _call(brevet, brevet.token(ref="feature/x"), "GET", "/reports/42", url).status == 403
    assert _call(brevet, None, "GET", "/reports/42", url).status == 401


@pytest.mark.parametrize("path", ["/whoami", "/mappings"])
def test_brevets_own_protected_routes_refuse_strangers(brevet: Brevet, path: str) -> None:
    assert_refused(brevet.ask(path), 401, "token_invalid")
    assert_refused(brevet.ask(path, "rubbish"), 401, "token_invalid")


def test_whoami_shows_the_identity_a_backend_receives(brevet: Brevet) -> None:
    token = brevet.token(ref="feature/x")
    answer = brevet.ask("/whoami", token)
    assert answer.status == 200, answer.text
    assert (answer.json["project_id"], answer.json["ref"], answer.json["jti"]) == (
        "4711",
        "feature/x",
        token.claims["jti"],
    )


def test_mappings_lists_what_the_job_may_ask_for_and_why_not(brevet: Brevet) -> None:
    brevet.row("release", conditions={"ref_protected": "true", "ref": "release/secret-*"})
    answer = brevet.ask("/mappings", brevet.token())
    assert answer.status == 200, answer.text
    assert "deploy" in answer.json["names"]
    assert "release" not in answer.json["names"]
    [release] = [mapping for mapping in answer.json["mappings"] if mapping["name"] == "release"]
    assert (release["granted"], release["code"]) == (False, "conditions_not_met")
    assert "secret" not in answer.text


def _decisions(brevet: Brevet, token: JobToken) -> list[dict[str, object]]:
    lines = log_lines(brevet.deployment, brevet.deployment.reports_log_group, token.claims["jti"])
    return [line for line in lines if "decision" in line]
