"""The limits of AWS, of GitLab.com and of Brevet's own defaults, as data."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("quotas.json")


@dataclass(frozen=True)
class Quota:
    name: str
    value: float
    what: str
    checked: str
    page: str


@dataclass(frozen=True)
class Quotas:
    own_rate: float
    own_burst: float
    gateway_rate: float
    gateway_burst: float
    environments: float
    new_environments_rate: float
    new_environments_burst: float
    rate_of_environment: float
    table_reads: float
    partition_reads: float
    sts_rate: float
    gitlab_rate: float


def listed() -> list[Quota]:
    return [Quota(name=name, **entry) for name, entry in json.loads(FILE.read_text()).items()]


def quotas() -> Quotas:
    return Quotas(**{entry.name: entry.value for entry in listed()})
