"""What can be done about a limit, as settings of the simulation."""

import math
from dataclasses import dataclass

from bench.cost.quotas import Quotas

# The account's throttle is all that is left.
LIFTED = math.inf
# Read units a second, by `WarmThroughput`.
WARMED = 100_000


@dataclass(frozen=True)
class Plan:
    title: str
    cells: int = 1
    """So many vending accounts, or regions of one: each has all the quotas of its own, and a table of its own."""
    throttle: float | None = None
    """Requests a second of each cell's stage; as the construct has it, if none is given."""
    warm_reads: float | None = None
    """The table's warm throughput, where it is raised."""
    mapping_cache_seconds: float = 0
    gateway_hit_ratio: float = 0
    """Of an authorizer's answers."""


def vending_plans(quotas: Quotas) -> list[Plan]:
    enough = math.ceil(10_000 / quotas.sts_rate)
    fits_sts = quotas.sts_rate - 50
    return [
        Plan("as deployed"),
        Plan(f"its own throttle at {fits_sts:.0f} a second", throttle=fits_sts),
        Plan("its own throttle lifted", throttle=LIFTED),
        Plan("and the table warmed", throttle=LIFTED, warm_reads=WARMED),
        Plan("and rows cached for 60 s", throttle=LIFTED, warm_reads=WARMED, mapping_cache_seconds=60),
        *(Plan(f"{cells} cells, throttles lifted", cells=cells, throttle=LIFTED) for cells in (2, 4, 8, enough)),
        Plan(f"{enough + 3} cells, each at {fits_sts:.0f} a second", cells=enough + 3, throttle=fits_sts),
    ]


def authorizing_plans() -> list[Plan]:
    return [
        Plan("no caches", throttle=LIFTED),
        Plan("the table warmed", throttle=LIFTED, warm_reads=WARMED),
        Plan("and rows cached for 60 s", throttle=LIFTED, warm_reads=WARMED, mapping_cache_seconds=60),
        Plan("the gateway's cache answers 80 %", throttle=LIFTED, gateway_hit_ratio=0.8),
        Plan("the gateway's cache answers 95 %", throttle=LIFTED, gateway_hit_ratio=0.95),
        Plan("4 cells", throttle=LIFTED, cells=4),
        Plan("10 cells", throttle=LIFTED, cells=10),
    ]
