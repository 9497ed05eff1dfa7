"""Draws bench/pictures/*.svg from the figures in bench/results.json, which `make bench` writes.

Sections that were not measured have no pictures. What is drawn stands in words in each picture's description as well.
"""

import argparse
import json
import sys
from pathlib import Path

from bench.drawing.results import draw_results

RESULTS = Path(__file__).resolve().parents[1] / "results.json"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.drawing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="where `make bench` put them")
    results: Path = parser.parse_args().results
    if not results.exists():
        print(f"pictures: there is no {results}: run `make bench` first", file=sys.stderr)
        return 1
    pictures = draw_results(json.loads(results.read_text()), results.parent / "pictures")
    print("\n".join(map(str, pictures)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
