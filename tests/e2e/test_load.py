"""A short run of `make load`: the built functions under a mixed stream of requests, with every answer checked."""

import json
import subprocess
from typing import Any

import pytest

from local.site import ROOT

REQUESTS = 20_000


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    command = [ROOT / "target" / "debug" / "load", "--requests", str(REQUESTS), "--rotations", "2", "--json"]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.stdout, finished.stderr
    report: dict[str, Any] = json.loads(finished.stdout)
    assert finished.returncode == 0, "\n".join(report["faults"] + report["examples"])
    return report


def test_gives_no_wrong_verdict_while_keys_change_and_everything_around_fails(report: dict[str, Any]) -> None:
    assert report["wrong"] == 0
    assert report["requests"] >= REQUESTS
    assert min(report["rotations"], report["outages"], report["replaced"], report["troubles"]) >= 2
    given = {(answers["function"], answers["code"]) for answers in report["answers"]}
    assert {("credentials", code) for code in ("granted", "token_invalid", "no_mapping", "token_already_used")} <= given
    assert {("authorizer", code) for code in ("granted", "token_invalid", "conditions_not_met")} <= given


def test_lets_a_token_for_one_use_through_exactly_once_wherever_it_is_sent(report: dict[str, Any]) -> None:
    assert report["decided_races"] > 0


def test_calls_nothing_of_aws_for_strangers_and_asks_for_keys_no_more_often_than_allowed(
    report: dict[str, Any],
) -> None:
    assert report["strangers_without_a_call"] > 0
    assert 0 < report["key_fetches"] <= report["key_fetches_allowed"]


def test_writes_one_audit_line_for_each_decision(report: dict[str, Any]) -> None:
    assert report["log_lines"] > report["requests"]
