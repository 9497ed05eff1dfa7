"""The model of cost and limits: its page can be written, its sums are right, and no simulated job beats a quota."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.cost import cell
from bench.cost.assumptions import assumptions
from bench.cost.bucket import Bucket
from bench.cost.capacity import capacity
from bench.cost.cell import Service
from bench.cost.limits import authorizing_limits, vending_limits
from bench.cost.log_bytes import LINES, count, logged
from bench.cost.measured import Function, NotMeasured, measured
from bench.cost.model import Deployment, authorizing, billed_ms, fits, vending
from bench.cost.plan import LIFTED, Plan, vending_plans
from bench.cost.prices import how_checked, price_lists
from bench.cost.quotas import quotas
from bench.cost.service import MEMORY_MB, service
from bench.cost.simulation import Burst, Outcome, simulate
from conftest import Brevet
from local.audit import audit_lines, log_lines
from local.site import ROOT
from made_up_results import made_up_results

# Made up: these tests are about sums, not about speed.
VENDING = Function("made up", cpu_ms=1.0, init_ms=20.0, memory_mb=20.0, reads_rows=True, opens_session=True)
VERIFYING = Function("made up", cpu_ms=0.2, init_ms=20.0, memory_mb=20.0, reads_rows=False, opens_session=False)
SERVICE = Service(cold=0.12, work=0.002, rows=0.005, reads=10, sts=0.03, opens_session=True)
BURST = Burst(scale=200)
US = price_lists()["us-east-1"]


def _deployment(**other: Any) -> Deployment:
    return Deployment(US, assumptions(), **other)


def _simulated(burst: Burst = BURST, service: Service = SERVICE, **plan: Any) -> Outcome:
    return simulate(Plan("of the test", **plan), service, quotas(), burst)


def test_says_what_to_run_when_nothing_was_measured(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="make bench"):
        measured(tmp_path / "results.json")
    (tmp_path / "results.json").write_text(json.dumps({"authorizer": {"functions": []}}))
    with pytest.raises(NotMeasured, match="ONLY=authorizer"):
        measured(tmp_path / "results.json")


def test_writes_the_page_and_its_pictures_beside_the_results(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.cost", "--results", made_up_results(tmp_path), "--scale", "1000"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    page = (tmp_path / "cost.md").read_text()
    pictures = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert pictures == {"cost.svg", "burst.svg"}
    assert all(f"(pictures/{name})" in page for name in pictures)
    assert "the function pyjwt" in page
    assert re.findall(r"\$[a-z_]+", page) == [], "a name of the template was left unfilled"


def test_every_price_and_quota_tells_how_far_it_can_be_trusted() -> None:
    regions = price_lists()
    assert {tuple(region.prices) for region in regions.values()} == {tuple(US.prices)}
    assert {price.checked for region in regions.values() for price in region.prices.values()} <= set(how_checked())


def test_a_million_sessions_cost_the_sum_of_what_aws_bills() -> None:
    cost = vending(VENDING, count(["{}"]), count([]), _deployment())
    # 1 ms on a core is 3.455 ms at 512 MB; with 35 ms of waiting that is 39 whole ones, and a start in a hundred.
    milliseconds = 39 + 0.01 * 120
    assert billed_ms(VENDING, _deployment()) == pytest.approx(milliseconds)
    assert cost.items["Lambda time"] == pytest.approx(milliseconds / 1_000 * 0.5 * 16.6667)
    assert cost.items["Lambda requests"] == 0.2
    assert cost.items["API Gateway"] == 3.5
    assert cost.items["DynamoDB"] == pytest.approx(10 * 0.125)
    log_bytes = 2 + 300 + 4 * 26
    assert cost.items["function log"] == pytest.approx(log_bytes / 1_000 * (0.5 + 0.03 * 0.15 * 12))
    assert cost.total == pytest.approx(sum(cost.items.values()))


def test_what_the_gateway_answers_from_its_cache_costs_nothing_more() -> None:
    lines = logged("authorization")
    whole = authorizing(VERIFYING, lines, 0, _deployment())
    assert authorizing(VERIFYING, lines, 0.75, _deployment()).total == pytest.approx(whole.total / 4)
    assert authorizing(VERIFYING, lines, 1, _deployment()).total == 0
    assert whole.items["DynamoDB"] == 0


def test_less_memory_means_more_milliseconds_and_a_whole_one_at_least() -> None:
    times = [billed_ms(VERIFYING, _deployment(memory_mb=size)) for size in (128, 256, 1_769, 3_538)]
    starts = 0.01 * 120
    assert times == [pytest.approx(whole + starts) for whole in (3, 2, 1, 1)]
    assert [fits(VENDING, size) for size in (22, 23)] == [False, True]


def test_the_lines_that_are_counted_are_those_that_the_functions_write(brevet: Brevet) -> None:
    token = brevet.token()
    assert brevet.credentials("deploy", token).status == 200
    [audit] = audit_lines(brevet.deployment, token.session_name)
    metrics = log_lines(brevet.deployment, brevet.deployment.audit_log_group, "PackedPolicySize")[:1]
    metrics += log_lines(brevet.deployment, brevet.deployment.audit_log_group, "StsLatency")[:1]
    real = count([json.dumps(line, separators=(",", ":")) for line in [audit, *metrics]])
    kept = logged("vend")
    assert (real.events, real.metrics) == (kept.events, kept.metrics)
    assert real.bytes == pytest.approx(kept.bytes, rel=0.1), "take lines/vend.jsonl from a local stack again"


@pytest.mark.parametrize(
    ("file", "written", "told"),
    [
        ("infra/lib/credentials-api.ts", r"throttlingRateLimit \?\? (\d+)", quotas().own_rate),
        ("infra/lib/credentials-api.ts", r"throttlingBurstLimit \?\? (\d+)", quotas().own_burst),
        ("infra/lib/brevet-function.ts", r"memorySize \?\? (\d+)", MEMORY_MB),
        ("crates/function-kit/src/budget.rs", r"REQUEST: .*from_millis\(([\d_]+)\)", 1_000 * cell.BUDGET_SECONDS),
        ("crates/function-kit/src/aws.rs", r"with_max_attempts\((\d+)\)", cell.STS_ATTEMPTS),
        (
            "crates/function-kit/src/aws.rs",
            r"with_initial_backoff\(.*from_millis\((\d+)\)",
            1_000 * cell.STS_BACKOFF_SECONDS,
        ),
        (
            "crates/mapping-store/src/lookup.rs",
            r"FIRST_PAUSE: .*from_millis\((\d+)\)",
            1_000 * cell.FIRST_PAUSE_SECONDS,
        ),
        (
            "crates/mapping-store/src/lookup.rs",
            r"LONGEST_PAUSE: .*from_millis\((\d+)\)",
            1_000 * cell.LONGEST_PAUSE_SECONDS,
        ),
    ],
)
def test_what_the_model_says_of_brevet_is_what_the_code_says(file: str, written: str, told: float) -> None:
    found = re.search(written, (ROOT / file).read_text())
    assert found, f"{file} has no {written}"
    assert float(found[1]) == told


def test_the_line_of_the_access_log_has_the_members_that_are_logged() -> None:
    fields = (ROOT / "infra/lib/access-log.ts").read_text().split("FIELDS", 1)[1].split("};", 1)[0]
    members = re.findall(r"^ +(\w+): '\$context", fields, re.MULTILINE)
    assert list(json.loads((LINES / "access.jsonl").read_text())) == members


def test_limits_are_told_in_the_order_in_which_load_meets_them() -> None:
    limits = vending_limits(SERVICE, quotas())
    assert [limit.reached_at for limit in limits[:4]] == [100, 600, 1_200, 1_500]
    assert limits == sorted(limits, key=lambda limit: limit.reached_at)
    without_rows = authorizing_limits(service(VERIFYING, assumptions()), quotas())
    assert not any("DynamoDB" in limit.what for limit in without_rows)


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket(rate=10, burst=5)
    assert [bucket.take(0) for _ in range(6)] == [True] * 5 + [False]
    assert [bucket.take(0.1), bucket.take(0.1), bucket.take(10, 6)] == [True, False, False]


@pytest.mark.parametrize("plan", vending_plans(quotas()), ids=lambda plan: plan.title)
def test_no_cell_opens_more_sessions_than_its_quota(plan: Plan) -> None:
    outcome = simulate(plan, SERVICE, quotas(), BURST)
    rate = quotas().sts_rate / BURST.scale
    assert len(outcome.sessions) == plan.cells
    for sessions in outcome.sessions:
        for index, time in enumerate(sessions):
            # In any second: what the bucket held, and what ran in.
            in_a_second = sum(1 for other in sessions[index : index + 2 * math.ceil(rate) + 2] if other < time + 1)
            assert in_a_second <= 2 * rate + 1


def test_nothing_is_given_that_was_not_asked_for_and_no_job_is_lost() -> None:
    outcome = _simulated(cells=2, throttle=LIFTED)
    granted = outcome.answers["granted"]
    assert 0 < len(outcome.waits) <= outcome.jobs == len(BURST.arrivals())
    assert granted == len(outcome.waits)
    assert granted <= sum(map(len, outcome.sessions))
    failed = outcome.jobs - granted
    assert 3 * failed <= sum(outcome.answers.values()) - granted <= 3 * failed + 2 * granted


def test_more_cells_never_make_it_worse() -> None:
    success = [_simulated(cells=cells, throttle=LIFTED).success for cells in (1, 2, 4, 8, 17, 32)]
    assert success == sorted(success)
    assert success[0] < 0.2
    assert success[-1] == 1


def test_capacity_is_the_limit_that_a_plan_leaves_first() -> None:
    plans = [Plan("as deployed"), Plan("lifted", throttle=LIFTED), Plan("two cells", cells=2, throttle=LIFTED)]
    most = [capacity(plan, SERVICE, quotas(), BURST) for plan in plans]
    assert most == sorted(most)
    assert quotas().own_rate <= most[0] <= 2 * quotas().own_rate
    assert quotas().sts_rate <= most[1] <= 2 * quotas().sts_rate
    assert 2 * quotas().sts_rate <= most[2] <= 4 * quotas().sts_rate


def test_a_load_below_every_limit_is_served_whole_and_at_once() -> None:
    outcome = _simulated(Burst(peak=90, scale=1, rise=60, hold=10))
    assert outcome.success == 1
    assert outcome.wait(0.5) < 0.1
    assert outcome.usual_refusal == ""


def test_the_same_seed_is_the_same_burst() -> None:
    first, again, other = (_simulated(Burst(scale=200, seed=seed), throttle=LIFTED) for seed in (1, 1, 2))
    assert (first.waits, first.answers) == (again.waits, again.answers)
    assert first.waits != other.waits


def test_what_the_gateway_remembers_spares_an_authorizer() -> None:
    authorizer = Service(cold=0.12, work=0.002, rows=0.005, reads=10, sts=0, opens_session=False)
    success = [
        _simulated(service=authorizer, throttle=LIFTED, gateway_hit_ratio=ratio).success for ratio in (0, 0.5, 0.95)
    ]
    assert success == sorted(success)
    assert success[0] < 0.5
    assert success[2] > 0.99
