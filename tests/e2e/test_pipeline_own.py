"""Brevet's own pipeline, which deploys Brevet with credentials from Brevet."""

import re
import shutil
from typing import Any

import pytest
import yaml

from gitlab_pipeline import Checkout, project
from local.site import ROOT

PIPELINE = (ROOT / ".gitlab-ci.yml").read_text()
PROTECTED = {"CI_COMMIT_REF_PROTECTED": "true"}
TAG = {"CI_COMMIT_TAG": "v1.0.0", "CI_COMMIT_BRANCH": ""}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("brevet")
    shutil.copy(ROOT / "Cargo.lock", folder)
    return project(folder, PIPELINE)


@pytest.fixture(scope="module")
def preview(checkout: Checkout) -> dict[str, Any]:
    """The pipeline with its includes and inputs resolved."""
    shown = checkout.run("--preview")
    assert shown.status == 0, shown.screen
    return yaml.safe_load(shown.screen[shown.screen.index("---\n") :])


@pytest.mark.parametrize(
    ("variables", "jobs"),
    [
        ({"CI_PIPELINE_SOURCE": "merge_request_event"}, {"test", "build", "diff-dev", "diff-prod"}),
        (PROTECTED, {"test", "build", "deploy-dev", "deploy-prod"}),
        ({**PROTECTED, "CI_PIPELINE_SOURCE": "schedule"}, {"test", "audit", "build"}),
        ({}, {"test", "build"}),
        ({**TAG, **PROTECTED}, {"test", "audit", "publish"}),
        (TAG, {"test", "audit"}),
    ],
    ids=[
        "merge request",
        "protected default branch",
        "schedule",
        "unprotected default branch",
        "protected tag",
        "unprotected tag",
    ],
)
def test_each_kind_of_pipeline_has_its_jobs(checkout: Checkout, variables: dict[str, str], jobs: set[str]) -> None:
    assert checkout.jobs(**variables) == jobs


def test_a_deployment_is_not_cut_off_and_waits_for_the_one_before(preview: dict[str, Any]) -> None:
    for target in ("dev", "prod"):
        job = preview[f"deploy-{target}"]
        assert job["environment"]["name"] == target
        assert (job["resource_group"], job["interruptible"]) == (target, False)
        assert job["timeout"] == "1 hour"
        assert 'role="cdk-deploy"' in job["script"][-1]


def test_merge_requests_compare_with_the_role_that_looks_and_deploy_nothing(preview: dict[str, Any]) -> None:
    for target in ("dev", "prod"):
        job = preview[f"diff-{target}"]
        assert job["environment"] == {"name": f"diff/{target}", "action": "access"}
        assert 'role="cdk-diff"' in job["script"][-1]
        assert " deploy " not in job["script"][-1]


def test_every_step_with_credentials_is_logged(preview: dict[str, Any]) -> None:
    for name, job in preview.items():
        if isinstance(job, dict) and "id_tokens" in job:
            assert 'log_group="/brevet/pipelines"' in job["script"][-1], name
            commands = re.findall(r"^\s*(.*npx .*)$", job["script"][-1], flags=re.MULTILINE)
            assert commands, name
            assert all(command.startswith("step ") for command in commands), name


def test_where_it_deploys_to_is_said_by_variables_alone() -> None:
    assert re.findall(r"\b\d{12}\b|\b(?:eu|us|ap)-[a-z]+-\d\b|amazonaws|example\.com", PIPELINE) == []
