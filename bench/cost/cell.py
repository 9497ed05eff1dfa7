"""One vending account in one region, as the simulation sees it."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bench.cost.bucket import Bucket
from bench.cost.plan import Plan
from bench.cost.quotas import Quotas

Answered = Callable[[str], None]

# As the functions do it: 1.6 s in all, pauses that double between reads of what is left, two attempts at STS.
BUDGET_SECONDS = 1.6
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.32
STS_ATTEMPTS, STS_BACKOFF_SECONDS = 2, 0.05
# The name and `*` in the issuer's scope: the two keys that every request reads, in one partition.
HOT_READS = 2


@dataclass(frozen=True)
class Service:
    """How long a request takes where nothing stands in its way, in seconds, and what it uses."""

    cold: float
    work: float
    rows: float
    reads: float
    sts: float
    opens_session: bool


class Timer(Protocol):
    now: float

    def at(self, time: float, event: Callable[[], None]) -> None: ...


@dataclass
class Environment:
    """A process; it may remember the rows of a project."""

    fresh_until: dict[int, float] = field(default_factory=dict)


@dataclass
class LookUp:
    """The rows of one request, as far as they have not been read."""

    environment: Environment
    project: int
    left: float
    deadline: float
    pause: float = FIRST_PAUSE_SECONDS


class Cell:
    def __init__(
        self, plan: Plan, service: Service, quotas: Quotas, scale: float, clock: Timer, chance: random.Random
    ) -> None:
        def bucket(rate: float, burst: float) -> Bucket:
            return Bucket(rate / scale, max(1.0, burst / scale))

        reads = plan.warm_reads or quotas.table_reads
        invocations = quotas.environments * quotas.rate_of_environment
        self._plan, self._service, self._clock, self._chance = plan, service, clock, chance
        # The burst stays twice the rate, as in the construct's defaults.
        throttle = quotas.own_rate if plan.throttle is None else plan.throttle
        burst = quotas.own_burst / quotas.own_rate * throttle
        stage = [bucket(throttle, burst)] if math.isfinite(throttle) else []
        self._throttles = [*stage, bucket(quotas.gateway_rate, quotas.gateway_burst)]
        self._invocations = bucket(invocations, invocations)
        self._starts = bucket(quotas.new_environments_rate, quotas.new_environments_burst)
        self._table, self._partition = bucket(reads, reads), bucket(quotas.partition_reads, quotas.partition_reads)
        self._sts = bucket(quotas.sts_rate, quotas.sts_rate)
        self._most, self._made, self._idle = max(1, int(quotas.environments / scale)), 0, list[Environment]()
        self.sessions: list[float] = []

    def ask(self, project: int, answered: Answered) -> None:
        now = self._clock.now
        if not all(throttle.take(now) for throttle in self._throttles):
            answered("429 throttled, by the gateway")
        elif self._chance.random() < self._plan.gateway_hit_ratio:
            answered("granted")
        else:
            self._invoke(project, answered)

    def _invoke(self, project: int, answered: Answered) -> None:
        now, cold = self._clock.now, 0.0
        if not self._invocations.take(now):
            return answered("503 throttled, no environment")
        if self._idle:
            environment = self._idle.pop()
        elif self._made < self._most and self._starts.take(now):
            self._made += 1
            environment, cold = Environment(), self._service.cold
        else:
            return answered("503 throttled, no environment")

        def done(answer: str) -> None:
            self._idle.append(environment)
            answered(answer)

        begin = now + cold + self._service.work
        look = LookUp(environment, project, self._service.reads, begin + BUDGET_SECONDS)
        self._clock.at(begin, lambda: self._read_rows(look, done))
        return None

    def _read_rows(self, look: LookUp, done: Answered) -> None:
        now = self._clock.now
        if look.left == 0 or now < look.environment.fresh_until.get(look.project, 0):
            return self._open_session(done)
        if self._table.take(now, look.left):
            # What is throttled by its partition comes back unprocessed, and is all that is asked for again.
            look.left = min(look.left, HOT_READS)
            if self._partition.take(now, HOT_READS):
                if self._plan.mapping_cache_seconds:
                    look.environment.fresh_until[look.project] = now + self._plan.mapping_cache_seconds
                return self._clock.at(now + self._service.rows, lambda: self._open_session(done))
        if now + look.pause > look.deadline:
            return self._clock.at(look.deadline, lambda: done("503 mappings_unavailable"))
        self._clock.at(now + look.pause, lambda: self._read_rows(look, done))
        look.pause = min(2 * look.pause, LONGEST_PAUSE_SECONDS)
        return None

    def _open_session(self, done: Answered, attempt: int = 1) -> None:
        now = self._clock.now
        if not self._service.opens_session:
            done("granted")
        elif self._sts.take(now):
            self.sessions.append(now)
            self._clock.at(now + self._service.sts, lambda: done("granted"))
        elif attempt < STS_ATTEMPTS:
            wait = self._chance.uniform(0, STS_BACKOFF_SECONDS)
            self._clock.at(now + wait, lambda: self._open_session(done, attempt + 1))
        else:
            done("429 throttled, by STS")
