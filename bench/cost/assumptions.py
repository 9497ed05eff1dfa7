"""What cannot be measured on a machine without AWS, each with its reason, so that it can be argued with."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("assumptions.json")


@dataclass(frozen=True)
class Assumption:
    name: str
    value: float
    why: str


@dataclass(frozen=True)
class Assumptions:
    full_cpu_mb: float
    dynamodb_ms: float
    sts_ms: float
    cold_wait_ms: float
    cold_share: float
    scopes: float
    platform_log_bytes: float
    log_event_bytes: float
    stored_share: float
    function_log_months: float
    access_log_months: float
    vend_answer_bytes: float

    @property
    def reads(self) -> float:
        """Read units of one look-up: the name and `*` in every scope."""
        return 2 * self.scopes


def listed() -> list[Assumption]:
    return [Assumption(name=name, **entry) for name, entry in json.loads(FILE.read_text()).items()]


def assumptions() -> Assumptions:
    return Assumptions(**{entry.name: entry.value for entry in listed()})
