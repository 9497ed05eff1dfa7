"""The figures of `bench/results.json` that cost depends on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[1] / "results.json"


class NotMeasured(Exception):
    """Says what to run."""


@dataclass(frozen=True)
class Function:
    title: str
    cpu_ms: float
    """Of one invocation with a token that was never seen, on a whole core."""
    init_ms: float
    memory_mb: float
    """The most it ever had."""
    reads_rows: bool
    opens_session: bool


# What each measured function does at AWS, by its section and its name in the results.
AUTHORIZERS = {"authorizer": False, "authorizer-mappings": True, "aws-jwt-verify": False, "pyjwt": False}
VENDORS = ("credentials", "javascript-sdk", "boto3")


@dataclass(frozen=True)
class Measured:
    authorizers: dict[str, Function]
    vendors: dict[str, Function]


def measured(results: Path = RESULTS) -> Measured:
    if not results.exists():
        raise NotMeasured(f"there is no {results}: run `make bench` first")
    sections = json.loads(results.read_text())
    return Measured(
        {name: _function(sections, "authorizer", name, reads, False) for name, reads in AUTHORIZERS.items()},
        {name: _function(sections, "credentials", name, True, True) for name in VENDORS},
    )


def _function(sections: dict[str, Any], section: str, name: str, reads_rows: bool, opens_session: bool) -> Function:
    functions = sections.get(section, {}).get("functions", [])
    found = next((function for function in functions if function["name"] == name), None)
    if found is None:
        raise NotMeasured(f"the results have no `{name}` in `{section}`: run `make bench ONLY={section}`")
    median = {metric: figure["median"] for metric, figure in found["figures"].items()}
    return Function(
        found["title"],
        cpu_ms=median["distinct_cpu_us"] / 1_000,
        init_ms=median["init_ms"],
        memory_mb=median["memory_peak_mb"],
        reads_rows=reads_rows,
        opens_session=opens_session,
    )
