"""The components of `templates/`: when their jobs run, what they take, and what a job with them can do."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Brevet
from gitlab_pipeline import Checkout, Pipeline, clone, project
from local.site import ROOT

NEEDED = {"endpoint": "$CREDENTIALS_URL", "audience": "https://brevet.local", "region": "eu-west-1", "role": "deploy"}
README = (ROOT / "templates" / "README.md").read_text()
SCRIPTS = ("before_script", "script", "after_script")
COMPONENTS = ("assume-role", "cdk-diff", "cdk-deploy")
# Inputs that are the value of a keyword and in no script.
KEYWORDS = {"stage", "image", "timeout", "when", "environment"}
# Each of these would end a quotation, start a command or name another host in a script or an address.
HOSTILE = (
    '"; id; "',
    "$(id)",
    "`id`",
    "${x:-$(id)}",
    "a b",
    "a\nb",
    "a'b",
    "a&b",
    "https://evil.example/?",
    "a\\b",
    "a?b",
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return clone(tmp_path_factory.mktemp("payments-api"))


@pytest.mark.parametrize(
    ("variables", "jobs"),
    [
        ({"CI_PIPELINE_SOURCE": "push"}, set()),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_REF_PROTECTED": "true", "CI_COMMIT_BRANCH": "release/1"}, set()),
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_REF_PROTECTED": "true"}, set()),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_REF_PROTECTED": "true"}, {"cdk-deploy"}),
        ({"CI_PIPELINE_SOURCE": "merge_request_event"}, {"cdk-diff", "cdk-diff-without-log"}),
    ],
    ids=["unprotected", "another protected branch", "a schedule", "protected default branch", "merge request"],
)
def test_merge_requests_compare_and_the_protected_default_branch_deploys(
    checkout: Checkout, variables: dict[str, str], jobs: set[str]
) -> None:
    assert {job for job in checkout.jobs(**variables) if job.startswith("cdk-")} == jobs


@pytest.mark.parametrize(
    ("component", "inputs", "fault"),
    [
        ("cdk-diff", {"endpoint": None}, "`endpoint` input: required value has not been provided"),
        ("cdk-deploy", {"region": None}, "`region` input: required value has not been provided"),
        ("assume-role", {"role": None}, "`role` input: required value has not been provided"),
        ("cdk-deploy", {"when": "always"}, "`when` input: `always` cannot be used because it is not in the list"),
        ("cdk-deploy", {"require_approval": "no"}, "`require_approval` input: `no` cannot be used"),
        ("cdk-diff", {"log_group": False}, "`log_group` input: provided value is not a string"),
    ],
)
def test_a_wrong_input_is_told_before_anything_runs(
    tmp_path: Path, component: str, inputs: dict[str, Any], fault: str
) -> None:
    given = {name: value for name, value in {**NEEDED, **inputs}.items() if value is not None}
    include = [{"local": f"/templates/{component}/template.yml", "inputs": given}]
    ended = project(tmp_path, yaml.safe_dump({"include": include})).run("--list")
    assert ended.status != 0
    assert fault in ended.screen


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_input_that_a_script_quotes_can_leave_its_quotation(component: str) -> None:
    spec, jobs = (ROOT / "templates" / component / "template.yml").read_text().split("\n---\n")
    inputs = yaml.safe_load(spec)["spec"]["inputs"]
    quoted = {name for text in re.findall(r'"[^"]*"', jobs) for name in re.findall(r"\[\[ inputs\.(\w+) \]\]", text)}
    assert {"endpoint", "role", "region"} <= quoted
    for name in quoted - KEYWORDS:
        accepted = [value for value in HOSTILE if re.fullmatch(inputs[name]["regex"].strip("^$"), value)]
        assert accepted == [], name


def test_the_scripts_are_for_any_posix_shell(checkout: Checkout) -> None:
    shown = checkout.run("--preview").screen
    jobs = yaml.safe_load(shown[shown.index("---\n") :])
    for name in ("cdk-diff", "cdk-diff-without-log", "cdk-deploy", "read-release-channel"):
        script = "\n".join(part for key in SCRIPTS for part in jobs[name].get(key, []))
        done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), name


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_input_is_described_here_and_in_the_readme(component: str) -> None:
    spec = (ROOT / "templates" / component / "template.yml").read_text().split("\n---\n")[0]
    for name, about in yaml.safe_load(spec)["spec"]["inputs"].items():
        assert about["description"].endswith("."), name
        assert f"`{name}`" in README, name


def test_a_job_that_extends_assume_role_has_the_role(brevet: Brevet, checkout: Checkout) -> None:
    token = brevet.token()
    ended = Pipeline(brevet.site, checkout, token).run("read-release-channel")
    assert ended.status == 0, ended.screen
    assert f":assumed-role/demo-deployer/{token.session_name}" in ended.screen
    assert "> stable" in ended.screen


def test_keys_that_the_project_left_behind_are_not_used(brevet: Brevet, checkout: Checkout) -> None:
    left = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "left-behind", "AWS_PROFILE": "old"}
    ended = Pipeline(brevet.site, checkout, brevet.token(), left).run("read-release-channel")
    assert ended.status == 0, ended.screen


def test_the_log_of_a_refused_job_says_why(brevet: Brevet, checkout: Checkout) -> None:
    ended = Pipeline(brevet.site, checkout, brevet.token(ref="feature/x")).run("read-release-channel")
    assert ended.status != 0
    assert "conditions_not_met" in ended.screen
    assert "this job presented `feature/x`" in ended.screen
