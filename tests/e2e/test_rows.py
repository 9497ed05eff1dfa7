"""The table as its administrators edit it: obeyed at once, and no slip of one row reaches another."""

from typing import Any

import pytest
from boto3.dynamodb.types import Binary

from conftest import Brevet, assert_refused
from local.audit import log_lines
from local.rows import delete_row, edit_row, project_scope, put_row


def test_an_edited_row_is_obeyed_by_the_next_request(brevet: Brevet) -> None:
    brevet.row("switch")
    token, scope = brevet.token(), project_scope(brevet.deployment)
    assert brevet.credentials("switch", token).status == 200
    edit_row(brevet.deployment, scope, "switch", "conditions", {"ref_protected": "true", "ref": "release/*"})
    assert_refused(brevet.credentials("switch", token), 403, "conditions_not_met")
    edit_row(brevet.deployment, scope, "switch", "effect", "deny")
    edit_row(brevet.deployment, scope, "switch", "conditions", {"ref_protected": "true"})
    assert_refused(brevet.credentials("switch", token), 403, "explicitly_denied")
    edit_row(brevet.deployment, scope, "switch", "effect", "allow")
    assert brevet.credentials("switch", token).status == 200
    delete_row(brevet.deployment, scope, "switch")
    assert_refused(brevet.credentials("switch", token), 403, "no_mapping")


@pytest.mark.parametrize(
    "slip",
    [
        {"condition": {"ref": "main"}},
        {"conditions": {"ref_protected": "true", "reff": "main"}},
        {"conditions": {"ref_protected": True}},
        {"conditions": {"ref_protected": "true", "ref": []}},
        {"conditions": "ref_protected = true"},
        {"conditions": {}},
        {"conditions": {"ref_protected": "false"}},
        {"role_arn": "demo-deployer"},
        {"role_arn": Binary(b"arn")},
        {"enabled": "false"},
        {"mode": "dry-run"},
        {"duration_seconds": 60},
        {"expires_at": "next week"},
        {"max_uses_per_token": 0},
        {"session_policy": "{}"},
        {"routes": ["GET /"]},
        {"allow_unprotected": None},
    ],
)
def test_a_broken_row_denies_only_itself_and_is_logged(brevet: Brevet, slip: dict[str, Any]) -> None:
    brevet.row("broken", **slip)
    token = brevet.token()
    assert_refused(brevet.credentials("broken", token), 403, "no_mapping")
    assert brevet.credentials("deploy", token).status == 200
    lines = log_lines(brevet.deployment, brevet.deployment.audit_log_group, "broken")
    assert any("broken" in str(line) and line.get("kind") == "invalid_mapping" for line in lines), lines[-3:]


def test_a_broken_deny_row_still_denies(brevet: Brevet) -> None:
    brevet.row("guarded")
    brevet.bare_row("*", effect="deny", reason="freeze")
    assert_refused(brevet.credentials("guarded"), 403, "explicitly_denied")


@pytest.mark.parametrize(
    "spelling",
    [
        {"conditions": {"ref_protected": ["true"], "project_id": 4711}},
        {"conditions": {"ref_protected": "true", "project_id": "4711"}},
        {"conditions": {"ref_protected": "true", "ref": {"main", "release"}}},
        {"duration_seconds": "1800"},
    ],
)
def test_harmless_spellings_mean_the_same(brevet: Brevet, spelling: dict[str, Any]) -> None:
    brevet.row("spelled", **spelling)
    answer = brevet.credentials("spelled")
    assert answer.status == 200, answer.text


def test_a_row_for_a_group_serves_the_projects_below_it(brevet: Brevet) -> None:
    _row_at(brevet, f"{brevet.site.issuer_host}/group/nordwind", "shared")
    assert brevet.credentials("shared").status == 200


@pytest.mark.parametrize("group", ["nordwind/plat", "Nordwind/platform", "nordwind/platform/payments-api"])
def test_a_row_for_a_group_serves_no_other_path_that_looks_like_it(brevet: Brevet, group: str) -> None:
    _row_at(brevet, f"{brevet.site.issuer_host}/group/{group}", "not-shared")
    assert_refused(brevet.credentials("not-shared"), 403, "no_mapping")


def test_the_most_specific_row_decides_which_role_it_is(brevet: Brevet) -> None:
    brevet.row("either")
    _row_at(brevet, brevet.site.issuer_host, "either", role_arn=brevet.deployment.outputs["OtherProjectRoleArn"])
    answer = brevet.credentials("either")
    assert (answer.status, answer.json["RoleArn"]) == (200, brevet.deployer)


def _row_at(brevet: Brevet, scope: str, name: str, **attributes: Any) -> None:
    usual = {"role_arn": brevet.deployer, "conditions": {"ref_protected": "true"}}
    put_row(brevet.deployment, scope, name, **{**usual, **attributes})
    brevet.rows.append((scope, name))
