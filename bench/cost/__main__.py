"""Writes bench/cost.md: what Brevet costs on AWS, and what breaks first as load grows.

From the figures in bench/results.json (`make bench` writes them), and from prices, quotas and assumptions that are data
beside this program: edit them and run it again. `--json` prints the figures instead of writing the page.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.cost.measured import RESULTS, NotMeasured, measured
from bench.cost.page import page
from bench.cost.report import Report, report
from bench.cost.simulation import Burst
from bench.drawing.cost import draw_cost


def main() -> int:
    arguments = _parser().parse_args()
    results: Path = arguments.results
    try:
        figures = measured(results)
    except NotMeasured as fault:
        print(f"cost: {fault}", file=sys.stderr)
        return 1
    burst = Burst(scale=arguments.scale, seed=arguments.seed)
    found = report(figures, burst, lambda step: print(step, file=sys.stderr, flush=True))
    if arguments.json:
        print(json.dumps(_as_json(found), indent=2))
        return 0
    target = results.with_name("cost.md")
    target.write_text(page(found))
    pictures = draw_cost(found, results.parent / "pictures")
    print("\n".join(str(path) for path in (target, *pictures)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.cost", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where `make bench` put them")
    parser.add_argument("--scale", type=float, default=Burst.scale, help="one simulated job stands for so many")
    parser.add_argument("--seed", type=int, default=Burst.seed, help="another burst of the same kind")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, and write nothing")
    return parser


def _as_json(found: Report) -> dict[str, object]:
    return {
        "vending": [
            {"region": region, "api": api, "architecture": architecture, "memory_mb": size, "usd": cost.items}
            for (region, api, architecture, size), cost in found.vending.items()
        ],
        "authorizing": [
            {"routes_by": policy, "architecture": architecture, "cached": ratio, "usd": cost.items}
            for (policy, architecture, ratio), cost in found.authorizing.items()
        ],
        "limits": {
            "vending": [asdict(limit) for limit in found.vending_limits],
            "authorizing": [asdict(limit) for limit in found.authorizing_limits],
        },
        "burst": {
            "vending": [asdict(entry) for entry in found.vending_burst],
            "authorizing": [asdict(entry) for entry in found.authorizing_burst],
        },
    }


if __name__ == "__main__":
    sys.exit(main())
