"""403: what the rows of the mapping table, and the owner of the target role, refuse."""

import time

import pytest

from conftest import Brevet, assert_refused
from functions import credentials_function_with


def test_refuses_a_name_that_no_row_has(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("no-such-name"), 403, "no_mapping")


def test_refuses_a_project_that_was_registered_again_under_the_old_path(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(project_id=5999)), 403, "no_mapping")


def test_refuses_a_feature_branch(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(ref="feature/x")), 403, "conditions_not_met")


def test_says_what_was_presented_and_not_what_would_have_matched(brevet: Brevet) -> None:
    brevet.row("release", conditions={"ref_protected": "true", "ref": "release/secret-*"})
    answer = brevet.credentials("release")
    assert_refused(answer, 403, "conditions_not_met")
    [denial] = answer.json["denials"]
    assert (denial["mapping"], denial["claim"], denial["presented"]) == ("release", "ref", "main")
    assert "`ref`" in answer.message
    assert "`main`" in answer.message
    assert "secret" not in answer.text


def test_refuses_an_unprotected_branch_with_the_right_name(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(ref="main", unprotected=True)), 403, "conditions_not_met")


def test_refuses_a_job_that_lacks_the_claim(brevet: Brevet) -> None:
    brevet.row("production", conditions={"ref_protected": "true", "environment": "production"})
    assert_refused(brevet.credentials("production"), 403, "conditions_not_met")
    assert brevet.credentials("production", brevet.token(environment="production")).status == 200


def test_a_fork_is_not_the_project_it_was_forked_from(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("deploy", brevet.token(fork=True)), 403, "no_mapping")


def test_refuses_the_code_of_a_fork_where_a_row_is_open_to_its_project(brevet: Brevet) -> None:
    brevet.bare_row("preview", project=9902, role_arn=brevet.deployer, allow_unprotected=True)
    assert_refused(brevet.credentials("preview", brevet.token(fork=True)), 403, "fork_pipeline")


def test_refuses_when_the_project_has_moved_since_the_row_was_written(brevet: Brevet) -> None:
    brevet.row("moved", project_path="nordwind/old-name")
    assert_refused(brevet.credentials("moved"), 403, "path_changed")


@pytest.mark.parametrize("name", ["denied", "*"])
def test_refuses_what_a_deny_row_denies(brevet: Brevet, name: str) -> None:
    brevet.row("denied")
    assert brevet.credentials("denied").status == 200
    if name == "denied":
        brevet.bare_row(name, effect="deny")
    else:
        brevet.bare_row(name, effect="deny", conditions={"user_login": "mlind"})
    assert_refused(brevet.credentials("denied"), 403, "explicitly_denied")


def test_refuses_the_third_use_of_a_token_that_has_two(brevet: Brevet) -> None:
    brevet.row("twice", max_uses_per_token=2)
    token, another = brevet.token(), brevet.token()
    assert [brevet.credentials("twice", token).status for _ in range(2)] == [200, 200]
    assert_refused(brevet.credentials("twice", token), 403, "token_already_used")
    assert brevet.credentials("twice", another).status == 200


@pytest.mark.parametrize(
    "attributes",
    [
        {"enabled": False},
        {"expires_at": int(time.time()) - 60},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"not_before": int(time.time()) + 3600},
        {"mode": "report"},
    ],
)
def test_refuses_a_row_that_is_not_in_force(brevet: Brevet, attributes: dict[str, object]) -> None:
    brevet.row("out-of-force", **attributes)
    assert_refused(brevet.credentials("out-of-force"), 403, "no_mapping")


def test_shows_what_would_have_matched_where_the_deployment_says_so(brevet: Brevet) -> None:
    brevet.row("release", conditions={"ref_protected": "true", "ref": "release/*"})
    with credentials_function_with(brevet.deployment, DENIAL_DETAIL="full"):
        answer = brevet.credentials("release")
    assert_refused(answer, 403, "conditions_not_met")
    assert answer.json["denials"][0]["required"] == ["release/*"]


def test_refuses_a_name_of_the_authorizers_rows(brevet: Brevet) -> None:
    assert_refused(brevet.credentials("api.reports"), 403, "no_mapping")


def test_says_that_the_role_owner_trusts_another_project(brevet: Brevet) -> None:
    answer = brevet.credentials("deploy-web")
    assert_refused(answer, 403, "target_role_refused")
    assert "trust policy" in answer.message


@pytest.mark.parametrize("role", ["brevet/does-not-exist", "not-for-brevet"])
def test_cannot_be_talked_into_other_roles(brevet: Brevet, role: str) -> None:
    brevet.row("elsewhere", role_arn=f"arn:aws:iam::444455556666:role/{role}")
    answer = brevet.credentials("elsewhere")
    assert (answer.status, answer.code) in {(403, "target_role_refused"), (500, "misconfigured")}, answer.text
