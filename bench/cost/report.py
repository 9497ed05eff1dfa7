"""Everything the page and the pictures say, calculated once."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.cost.assumptions import Assumptions, assumptions
from bench.cost.capacity import capacity
from bench.cost.limits import Limit, authorizing_limits, vending_limits
from bench.cost.log_bytes import Logged, logged
from bench.cost.measured import Function, Measured
from bench.cost.model import (
    APIS,
    ARCHITECTURES,
    MEMORY_SIZES,
    MILLION,
    Api,
    Architecture,
    Cost,
    Deployment,
    authorizing,
    vending,
)
from bench.cost.plan import Plan, authorizing_plans, vending_plans
from bench.cost.prices import PriceList, price_lists
from bench.cost.quotas import Quotas, quotas
from bench.cost.service import service
from bench.cost.simulation import Burst, simulate

HOME = "us-east-1"
HIT_RATIOS = (0.0, 0.5, 0.8, 0.95)
VERIFIED, MAPPED = "a verified token", "route mappings"


@dataclass(frozen=True)
class Simulated:
    """A plan, and how a burst went under it."""

    plan: str
    cells: int
    capacity: int
    """The highest peak, in requests a second, at which hardly a job goes without."""
    success: float
    wait_median: float | None
    wait_99: float | None
    usual_refusal: str


@dataclass(frozen=True)
class Report:
    home: str
    price_lists: dict[str, PriceList]
    assumptions: Assumptions
    quotas: Quotas
    burst: Burst
    vending: dict[tuple[str, Api, Architecture, int], Cost]
    authorizing: dict[tuple[str, Architecture, float], Cost]
    functions: list[tuple[str, Function]]
    gateway: dict[Api, float]
    logged: dict[str, Logged]
    metrics: int
    metric_month: float
    vending_limits: list[Limit]
    authorizing_limits: list[Limit]
    vending_burst: list[Simulated]
    authorizing_burst: list[Simulated]


def report(measured: Measured, burst: Burst, progress: Callable[[str], None]) -> Report:
    lists, known, limits = price_lists(), assumptions(), quotas()
    home = lists[HOME]
    vend, access = logged("vend"), logged("access")
    policies = {
        VERIFIED: ("authorizer", logged("authorization")),
        MAPPED: ("authorizer-mappings", logged("authorization-by-mappings")),
    }
    credentials, mapped = measured.vendors["credentials"], measured.authorizers["authorizer-mappings"]
    vends, authorizes = service(credentials, known), service(mapped, known)

    def burst_of(plans: list[Plan], of: str) -> list[Simulated]:
        simulated = []
        for plan in plans:
            progress(f"simulating {of}: {plan.title}")
            asked_of = vends if of == "sessions" else authorizes
            outcome, most = simulate(plan, asked_of, limits, burst), capacity(plan, asked_of, limits, burst)
            waits = (outcome.wait(0.5), outcome.wait(0.99))
            simulated.append(Simulated(plan.title, plan.cells, most, outcome.success, *waits, outcome.usual_refusal))
        return simulated

    return Report(
        home=HOME,
        price_lists=lists,
        assumptions=known,
        quotas=limits,
        burst=burst,
        vending={
            (region, api, architecture, size): vending(
                credentials, vend, access, Deployment(lists[region], known, api, architecture, size)
            )
            for region in lists
            for api in APIS
            for architecture in ARCHITECTURES
            for size in MEMORY_SIZES
        },
        authorizing={
            (policy, architecture, ratio): authorizing(
                measured.authorizers[name], lines, ratio, Deployment(home, known, architecture=architecture)
            )
            for policy, (name, lines) in policies.items()
            for architecture in ARCHITECTURES
            for ratio in HIT_RATIOS
        },
        functions=[
            *((f"authorizer: {function.title}", function) for function in measured.authorizers.values()),
            *((f"credentials: {function.title}", function) for function in measured.vendors.values()),
        ],
        gateway={api: home.cost(f"{api}_requests", MILLION) for api in APIS},
        logged={
            "a session, its function": vend,
            "a session, the gateway's access log": access,
            **{f"an authorization by {policy}": lines for policy, (_, lines) in policies.items()},
        },
        metrics=vend.metrics + policies[MAPPED][1].metrics,
        metric_month=home.cost("metric_months", 1),
        vending_limits=vending_limits(vends, limits),
        authorizing_limits=authorizing_limits(authorizes, limits),
        vending_burst=burst_of(vending_plans(limits), "sessions"),
        authorizing_burst=burst_of(authorizing_plans(), "an authorizer"),
    )
