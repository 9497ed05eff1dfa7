"""A measured function as the simulation and the table of limits see it."""

from bench.cost.assumptions import Assumptions
from bench.cost.cell import Service
from bench.cost.measured import Function

MEMORY_MB = 512


def service(function: Function, known: Assumptions) -> Service:
    """At the memory size that the constructs give a function."""
    return Service(
        cold=(function.init_ms + known.cold_wait_ms) / 1_000,
        work=function.cpu_ms * max(1.0, known.full_cpu_mb / MEMORY_MB) / 1_000,
        rows=known.dynamodb_ms / 1_000,
        reads=known.reads * function.reads_rows,
        sts=known.sts_ms / 1_000,
        opens_session=function.opens_session,
    )


def busy_seconds(service: Service) -> float:
    """How long one warm request keeps its environment."""
    return service.work + service.rows * (service.reads > 0) + service.sts * service.opens_session
