"""A row of docs/faults.md: what fails, and what everybody gets while it does. The tests take their faults from here."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.faults.server import Behaviour


@dataclass(frozen=True)
class Said:
    """What somebody was told: the status, and Brevet's code where there is one."""

    status: int
    code: str = ""

    @property
    def is_worth_a_retry(self) -> bool:
        return self.status in (429, 503)

    def __str__(self) -> str:
        return f"{self.status} `{self.code}`" if self.code else str(self.status)


GRANTED = Said(200)
# To the caller of a route that an authorizer protects, "cannot tell" is API Gateway's own 500, which it does not cache.
CANNOT_TELL = Said(500)
NO_ROUTE = Said(403)


@dataclass(frozen=True)
class Fault:
    # Of the row and of its test: `pytest tests/e2e -k NAME`.
    name: str
    what: str
    # The ways in which it happens, each of them tried.
    variants: Mapping[str, Behaviour]
    # What `/credentials` answers, and what a protected route does; `None` where it does not ask.
    job: Said
    route: Said | None = None
    # What the audit line says, for operators alone; a variant's name stands for `{}`.
    logged: str = ""
    lasts: str = "the next request is well"
