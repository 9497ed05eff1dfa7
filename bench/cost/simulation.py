"""A burst of jobs through the limits, event by event.

Requests go through what stands in front of each other on AWS: the stage's throttle, the account's, Lambda's
environments, the table and its hottest partition, STS. Jobs ask as botocore does: three times, a second apart, with
two seconds of patience.

Everything is divided by `scale`, rates and jobs alike: one job of the simulation stands for as many.
"""

import heapq
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.cost.cell import Cell, Service
from bench.cost.plan import Plan
from bench.cost.quotas import Quotas

ATTEMPTS, PAUSE_SECONDS, PATIENCE_SECONDS = 3, 1.0, 2.0
# A refusal by the gateway, and the way there and back.
TURNAROUND_SECONDS = 0.01


@dataclass(frozen=True)
class Burst:
    """From nothing to `peak` requests a second in `rise` seconds, then as many for `hold` seconds."""

    peak: float = 10_000
    rise: float = 60
    hold: float = 30
    projects: int = 2_000
    scale: float = 40
    seed: int = 1

    def arrivals(self) -> list[float]:
        peak = self.peak / self.scale
        rising = peak * self.rise / 2
        every = range(int(rising + peak * self.hold))
        return [math.sqrt(2 * self.rise * n / peak) if n < rising else self.rise + (n - rising) / peak for n in every]


@dataclass
class Outcome:
    """What became of the jobs."""

    jobs: int = 0
    waits: list[float] = field(default_factory=list)
    """Of jobs that got what they asked for: seconds from their first question to the answer."""
    answers: Counter[str] = field(default_factory=Counter)
    """Of all attempts."""
    sessions: list[list[float]] = field(default_factory=list)
    """When each cell's STS opened a session."""

    @property
    def success(self) -> float:
        return len(self.waits) / self.jobs

    def wait(self, share: float) -> float | None:
        ordered = sorted(self.waits)
        return ordered[round((len(ordered) - 1) * share)] if ordered else None

    @property
    def usual_refusal(self) -> str:
        refusals = Counter({answer: count for answer, count in self.answers.items() if answer != "granted"})
        return refusals.most_common(1)[0][0] if refusals else ""


@dataclass
class Job:
    asked_at: float
    cell: Cell
    project: int
    attempts: int = 0


class Clock:
    """What is to happen, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, time: float, event: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (time, self._count, event))

    def run(self) -> None:
        while self._events:
            self.now, _, event = heapq.heappop(self._events)
            event()


def simulate(plan: Plan, service: Service, quotas: Quotas, burst: Burst) -> Outcome:
    chance, clock, outcome = random.Random(burst.seed), Clock(), Outcome()
    cells = [Cell(plan, service, quotas, burst.scale, clock, random.Random(burst.seed + n)) for n in range(plan.cells)]
    popularity = [1 / rank for rank in range(1, burst.projects + 1)]
    arrivals = burst.arrivals()
    projects = chance.choices(range(burst.projects), popularity, k=len(arrivals))
    for number, (time, project) in enumerate(zip(arrivals, projects, strict=True)):
        job = Job(time, cells[number % plan.cells], project)
        clock.at(time, lambda job=job: _ask(job, clock, outcome))
    clock.run()
    outcome.jobs = len(arrivals)
    outcome.sessions = [cell.sessions for cell in cells]
    return outcome


def _ask(job: Job, clock: Clock, outcome: Outcome) -> None:
    job.attempts += 1
    asked_at = clock.now

    def answered(answer: str) -> None:
        late = clock.now - asked_at > PATIENCE_SECONDS
        outcome.answers["nothing in time" if late else answer] += 1
        if answer == "granted" and not late:
            outcome.waits.append(clock.now - job.asked_at)
        elif job.attempts < ATTEMPTS:
            again = min(clock.now, asked_at + PATIENCE_SECONDS) + PAUSE_SECONDS
            clock.at(max(again, clock.now), lambda: _ask(job, clock, outcome))

    clock.at(asked_at + TURNAROUND_SECONDS, lambda: job.cell.ask(job.project, answered))
