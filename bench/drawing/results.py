"""The pictures of `bench/results.md`, from the sections that `make bench` has measured so far.

A section may bring curves of its own, which are drawn as they are told:
`"charts": [{"name": "rows", "title": ..., "across": "rows in scope", "upward": "microseconds",
"curves": [{"name": "by name", "points": [[1, 20.5], [10, 21.0]]}]}]` becomes `<section>-rows.svg`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.drawing.bars import Bar, bars
from bench.drawing.curves import Curve, curves
from bench.drawing.dots import Row, Value, dots
from bench.drawing.svg import Svg

Section = dict[str, Any]
Draw = Callable[[Section, str], Svg]

# The sections in which functions are compared, and what they are called in titles.
COMPARISONS = {"authorizer": "an authorizer", "credentials": "the credentials function"}


def draw_results(results: dict[str, Section], folder: Path) -> list[Path]:
    """Draws what there is, and tells where it went."""
    drawn = {
        f"{name}-{picture}": draw(results[name], what)
        for name, what in COMPARISONS.items()
        if name in results
        for picture, draw in PICTURES.items()
    }
    drawn |= {
        f"{name}-{chart['name']}": _chart(chart)
        for name, section in results.items()
        for chart in section.get("charts", [])
    }
    return [picture.write(folder / f"{name}.svg") for name, picture in drawn.items()]


def _start(section: Section, what: str) -> Svg:
    rows = [
        Bar(
            function["title"],
            {
                "start, to the first request": _median(function, "init_ms"),
                "that request": _median(function, "first_ms"),
            },
        )
        for function in section["functions"]
    ]
    return bars(f"Cold: the first answer of {what}", "milliseconds, median of the rounds", rows)


def _tokens(section: Section, what: str) -> Svg:
    rows = [
        Row(
            function["title"],
            {
                "a token it has seen": _value(function, "repeated_p50_us"),
                "a new token": _value(function, "distinct_p50_us"),
            },
        )
        for function in section["functions"]
    ]
    return dots(f"Warm: one request to {what}", "microseconds, median and spread of the rounds", rows)


def _memory(section: Section, what: str) -> Svg:
    rows = [
        Bar(function["title"], {"memory": _median(function, "memory_peak_mb")}) for function in section["functions"]
    ]
    return bars(f"The most memory of {what}", "megabytes, median of the rounds", rows)


PICTURES: dict[str, Draw] = {"start": _start, "tokens": _tokens, "memory": _memory}


def _chart(chart: Section) -> Svg:
    told = [Curve(curve["name"], [(x, y) for x, y in curve["points"]]) for curve in chart["curves"]]
    return curves(chart["title"], chart["across"], chart["upward"], told)


def _median(function: Section, metric: str) -> float:
    return float(function["figures"][metric]["median"])


def _value(function: Section, metric: str) -> Value:
    return Value(**function["figures"][metric])
