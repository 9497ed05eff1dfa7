"""How high a burst may rise before jobs are lost."""

from bisect import bisect_left
from dataclasses import replace

from bench.cost.cell import Service
from bench.cost.plan import Plan
from bench.cost.quotas import Quotas
from bench.cost.simulation import Burst, simulate

PEAKS = (
    100,
    200,
    300,
    400,
    500,
    600,
    800,
    1_000,
    1_200,
    1_500,
    2_000,
    2_500,
    3_000,
    4_000,
    5_000,
    6_000,
    8_000,
    10_000,
)
SERVED = 0.999
# Coarser than the burst that is told in full: several are needed for one figure.
COARSER = 2.5


def capacity(plan: Plan, service: Service, quotas: Quotas, burst: Burst) -> int:
    """The highest of the peaks at which hardly a job goes without; 0 if there is none."""

    def loses_jobs(peak: int) -> bool:
        lower = replace(burst, peak=peak, scale=burst.scale * COARSER * peak / burst.peak)
        return simulate(plan, service, quotas, lower).success < SERVED

    first_lost = bisect_left(PEAKS, True, key=loses_jobs)
    return PEAKS[first_lost - 1] if first_lost else 0
