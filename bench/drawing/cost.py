"""The pictures of `bench/cost.md`."""

from pathlib import Path

from bench.cost.model import MEMORY_SIZES
from bench.cost.report import Report
from bench.drawing.bars import Bar, bars


def draw_cost(report: Report, folder: Path) -> list[Path]:
    items = report.vending
    cost = [
        Bar(f"{api.upper()} API, {architecture}, {size} MB", items[(report.home, api, architecture, size)].items)
        for api, architecture in (("rest", "x86_64"), ("rest", "arm64"), ("http", "arm64"))
        for size in (MEMORY_SIZES[0], MEMORY_SIZES[2])
    ]
    burst = [Bar(entry.plan, {"requests": float(entry.capacity)}) for entry in report.vending_burst]
    drawn = {
        "cost": bars("What a million sessions cost", f"dollars, {report.home}", cost),
        "burst": bars("The highest burst a plan serves", "requests for a session, a second", burst),
    }
    return [picture.write(folder / f"{name}.svg") for name, picture in drawn.items()]
