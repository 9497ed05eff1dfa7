"""Dollars per million of what a pipeline or an API asks for."""

import math
from dataclasses import dataclass, field
from typing import Literal

from bench.cost.assumptions import Assumptions
from bench.cost.log_bytes import Logged
from bench.cost.measured import Function
from bench.cost.prices import PriceList

Api = Literal["rest", "http"]
Architecture = Literal["x86_64", "arm64"]

APIS: tuple[Api, ...] = ("rest", "http")
ARCHITECTURES: tuple[Architecture, ...] = ("x86_64", "arm64")
MEMORY_SIZES = (128, 256, 512, 1024)
MILLION = 1_000_000
# A function that needs more than this of its memory is not one to run in production.
FITS = 0.9


@dataclass(frozen=True)
class Deployment:
    """Where and how it runs."""

    prices: PriceList
    assumptions: Assumptions
    api: Api = "rest"
    architecture: Architecture = "x86_64"
    memory_mb: int = 512


@dataclass(frozen=True)
class Cost:
    """Dollars per million, by what they are paid for."""

    items: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return sum(self.items.values())

    @property
    def of_lambda(self) -> float:
        return self.items["Lambda requests"] + self.items["Lambda time"]

    @property
    def dearest(self) -> str:
        return max(self.items, key=lambda item: self.items[item])


def fits(function: Function, memory_mb: int) -> bool:
    return function.memory_mb <= FITS * memory_mb


def billed_ms(function: Function, where: Deployment) -> float:
    """Of the average invocation: whole milliseconds when warm, and the share of starts, which are billed as well."""
    known = where.assumptions
    stretch = max(1.0, known.full_cpu_mb / where.memory_mb)
    waiting = known.dynamodb_ms * function.reads_rows + known.sts_ms * function.opens_session
    warm = math.ceil(function.cpu_ms * stretch + waiting)
    # Starts are not stretched: Lambda lets them have more than their share.
    return warm + known.cold_share * math.ceil(function.init_ms + known.cold_wait_ms)


def vending(function: Function, logged: Logged, access_log: Logged, where: Deployment) -> Cost:
    """A million sessions: the gateway is there for nothing else, so its requests count."""
    cost = where.prices.cost
    gateway = {"API Gateway": cost(f"{where.api}_requests", MILLION)}
    beside = {
        "access log": _logs(access_log, where, where.assumptions.access_log_months),
        "data out": cost("bytes_out", MILLION * where.assumptions.vend_answer_bytes),
    }
    return Cost(gateway | _invocations(function, logged, where, 1) | beside)


def authorizing(function: Function, logged: Logged, hit_ratio: float, where: Deployment) -> Cost:
    """What an authorizer adds to a million requests to an API, of which the gateway's cache answers `hit_ratio`."""
    return Cost(_invocations(function, logged, where, 1 - hit_ratio))


def lambda_part(function: Function, where: Deployment) -> Cost:
    """Of a million invocations, starts included."""
    gb_seconds = MILLION * billed_ms(function, where) / 1_000 * where.memory_mb / 1_024
    return Cost(
        {
            "Lambda requests": where.prices.cost("lambda_requests", MILLION),
            "Lambda time": where.prices.cost(f"lambda_gb_seconds_{where.architecture}", gb_seconds),
        }
    )


def _invocations(function: Function, logged: Logged, where: Deployment, millions: float) -> dict[str, float]:
    known = where.assumptions
    reads = MILLION * known.reads * function.reads_rows
    items = {
        "function log": _logs(logged, where, known.function_log_months, known.platform_log_bytes, 3),
        "DynamoDB": where.prices.cost("dynamodb_reads", reads),
        **lambda_part(function, where).items,
    }
    return {item: millions * usd for item, usd in items.items()}


def _logs(logged: Logged, where: Deployment, months: float, more_bytes: float = 0, more_events: int = 0) -> float:
    """Taken in once, and kept."""
    events = logged.events + more_events
    total = MILLION * (logged.bytes + more_bytes + events * where.assumptions.log_event_bytes)
    kept = total * where.assumptions.stored_share * months
    return where.prices.cost("log_bytes", total) + where.prices.cost("log_byte_months", kept)
