"""How much is logged.

`lines/` has what the functions wrote of one granted request of each kind on a local stack, unchanged.
The line of the gateway's access log is the only one made by hand, from the format in `infra/lib/access-log.ts`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LINES = Path(__file__).with_name("lines")


@dataclass(frozen=True)
class Logged:
    """What one request leaves in a log."""

    bytes: int
    events: int
    metrics: int
    """So many metrics CloudWatch keeps by it; billed by the month, whatever the number of requests."""


def logged(kind: str) -> Logged:
    """Of a file in `lines/`: `vend`, `authorization`, `authorization-by-mappings` or `access`."""
    return count((LINES / f"{kind}.jsonl").read_text().splitlines())


def count(lines: list[str]) -> Logged:
    metrics = {metric for line in lines for metric in _metrics(json.loads(line))}
    return Logged(sum(len(line.encode()) for line in lines), len(lines), len(metrics))


def _metrics(line: dict[str, Any]) -> set[tuple[str, ...]]:
    directives = line.get("_aws", {}).get("CloudWatchMetrics", [])
    return {
        (metric["Name"], *(f"{name}={line[name]}" for name in dimensions))
        for directive in directives
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }
