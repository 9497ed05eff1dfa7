"""What can be done about a limit, as settings of the simulation."""

from dataclasses import dataclass

from bench.cost.quotas import Quotas


@dataclass(frozen=True)
class Plan:
    title: str
    cells: int = 1
    """So many vending accounts, or regions of one: each has all the quotas of its own, and a table of its own."""
    throttle_lifted: bool = False
    """The stage's own throttle is set to the account's."""
    warm_reads: float | None = None
    """The table's warm throughput, where it is raised."""
    mapping_cache_seconds: float = 0
    gateway_hit_ratio: float = 0
    """Of an authorizer's answers."""


def vending_plans(quotas: Quotas) -> list[Plan]:
    enough = -(-10_000 // int(quotas.sts_rate))
    warmed = 100_000.0
    return [
        Plan("as deployed"),
        Plan("its own throttle lifted", throttle_lifted=True),
        Plan("and the table warmed", throttle_lifted=True, warm_reads=warmed),
        Plan("and rows cached for 60 s", throttle_lifted=True, warm_reads=warmed, mapping_cache_seconds=60),
        *(Plan(f"{cells} cells, throttle lifted", cells=cells, throttle_lifted=True) for cells in (2, 4, 8, enough)),
        Plan(f"{enough} cells and rows cached for 60 s", cells=enough, throttle_lifted=True, mapping_cache_seconds=60),
        Plan(f"{enough + 3} cells, throttle lifted", cells=enough + 3, throttle_lifted=True),
    ]


def authorizing_plans() -> list[Plan]:
    lifted = {"throttle_lifted": True}
    return [
        Plan("no caches", **lifted),
        Plan("the table warmed", **lifted, warm_reads=100_000.0),
        Plan("and rows cached for 60 s", **lifted, warm_reads=100_000.0, mapping_cache_seconds=60),
        Plan("the gateway's cache answers 80 %", **lifted, gateway_hit_ratio=0.8),
        Plan("the gateway's cache answers 95 %", **lifted, gateway_hit_ratio=0.95),
        Plan("4 cells", **lifted, cells=4),
        Plan("10 cells", **lifted, cells=10),
    ]
