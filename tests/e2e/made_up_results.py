"""A `bench/results.json` in which every figure is made up: tests of what is written from it are not about speed."""

import json
from pathlib import Path
from typing import Any

AUTHORIZERS = [
    "do-nothing",
    "authorizer-static-keys",
    "authorizer",
    "authorizer-mappings",
    "aws-jwt-verify",
    "pyjwt",
]
VENDORS = ["do-nothing", "credentials", "javascript-sdk", "boto3"]
METRICS = [
    *("init_ms", "first_ms", "init_and_first_ms", "memory_first_mb", "memory_peak_mb"),
    *(f"{kind}_{metric}_us" for kind in ("repeated", "distinct") for metric in ("cpu", "p50", "p99")),
]


def made_up_results(folder: Path) -> Path:
    """Writes them into the folder, as `make bench` would."""
    sections = {"authorizer": _section(AUTHORIZERS), "credentials": _section(VENDORS)}
    results = folder / "results.json"
    results.write_text(json.dumps(sections))
    return results


def _section(names: list[str]) -> dict[str, Any]:
    return {"functions": [_function(name, place) for place, name in enumerate(names, start=1)], "bare": {}, "goals": []}


def _function(name: str, place: int) -> dict[str, Any]:
    values = {metric: float(10 * place + number) for number, metric in enumerate(METRICS)}
    figures = {metric: {"median": value, "least": value * 0.9, "most": value * 1.2} for metric, value in values.items()}
    return {"name": name, "title": f"the function {name}", "figures": figures, "multiples": {}, "package": {}}
