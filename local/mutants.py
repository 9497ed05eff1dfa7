"""Breaks `identity` and `policy` in every way cargo-mutants knows, and holds what no test noticed against a list.

Each survivor stands in the crate's `mutants.txt` with the reason why it may: `MUTANT  # REASON`. A survivor that is
not there fails, and so does a line whose mutant is caught by now. A whole run takes an hour of processor time:
`--shard 0/8` tries an eighth of the mutants.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from local.site import ROOT

CRATES = ["identity", "policy"]
OUTPUT = ROOT / "target" / "mutants"
TOOL = ROOT / ".tools" / "bin" / "cargo-mutants"
# Fewer random cases than in `make test`: a mutant that needs hundreds to be noticed wants a test with a name.
ENVIRONMENT = {"PROPTEST_CASES": "24"}


@dataclass
class Result:
    """What became of a crate's mutants. `unviable` ones did not compile and count for nothing."""

    crate: str
    tried: int = 0
    caught: int = 0
    timed_out: int = 0
    survived: int = 0
    unviable: int = 0
    score: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def main() -> int:
    arguments = _parser().parse_args()
    results = [try_crate(crate, arguments) for crate in arguments.crate or CRATES]
    if arguments.json:
        print(json.dumps({"crates": [asdict(result) for result in results]}, indent=2))
    else:
        _print(results)
    return 1 if any(result.faults for result in results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--crate", action="append", choices=CRATES, help="only this crate; can be given twice")
    parser.add_argument("--shard", metavar="K/N", help="every Nth mutant, beginning with the Kth (from 0)")
    parser.add_argument("--jobs", default="2", help="how many mutants at a time (2)")
    parser.add_argument(
        "--json", action="store_true", help="print the figures as JSON (progress goes to standard error)"
    )
    return parser


def try_crate(crate: str, arguments: argparse.Namespace) -> Result:
    """Runs cargo-mutants on one crate and judges what survived."""
    began = time.monotonic()
    output = OUTPUT / crate
    output.mkdir(parents=True, exist_ok=True)
    command = [str(TOOL), "mutants", "--package", f"brevet-{crate}", "--output", str(output), "--jobs", arguments.jobs]
    command += ["--caught", "--unviable", "--no-shuffle", "--no-times", "--colors", "never"]
    if arguments.shard:
        command += ["--shard", arguments.shard, "--sharding", "round-robin"]
    status = _run_with_progress(crate, command)
    result = Result(crate, seconds=round(time.monotonic() - began, 1))
    # 2: some survived; 3: some timed out. Anything else is no verdict.
    if status not in (0, 2, 3):
        result.faults.append(f"cargo-mutants ended with status {status}; see {output / 'mutants.out' / 'log'}")
        return result
    outcomes = json.loads((output / "mutants.out" / "outcomes.json").read_text())["outcomes"]
    tried = [outcome for outcome in outcomes if isinstance(outcome["scenario"], dict)]
    counts = Counter(outcome["summary"] for outcome in tried)
    result.tried = len(tried)
    result.caught, result.timed_out = counts["CaughtMutant"], counts["Timeout"]
    result.survived, result.unviable = counts["MissedMutant"], counts["Unviable"]
    viable = result.tried - result.unviable
    result.score = round((result.caught + result.timed_out) / viable, 4) if viable else 0.0
    names = {
        kind: Counter(_name(outcome) for outcome in tried if outcome["summary"] in kind) for kind in (MISSED, OTHER)
    }
    listed = read_list(ROOT / "crates" / crate / "mutants.txt")
    result.faults += judge(names[MISSED], names[OTHER], listed, whole=not arguments.shard)
    return result


MISSED = ("MissedMutant",)
OTHER = ("CaughtMutant", "Timeout", "Unviable")


def read_list(path: Path) -> Counter[str]:
    """The explained survivors. Two mutants of one function can have the same name: then there are two lines."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    unexplained = [line for line in lines if not re.search(r"  # \S", line)]
    if unexplained:
        raise SystemExit(f"{path}: every line must end in `  # REASON`: {unexplained[0]}")
    return Counter(line.split("  # ")[0] for line in lines)


def judge(survived: Counter[str], caught: Counter[str], listed: Counter[str], whole: bool) -> list[str]:
    """The differences between what survived and what may; a part of the mutants says nothing about the others."""
    fresh = [f"survived, and is not in the list: {name}" for name in (survived - listed).elements()]
    gone = [name for name in (listed - survived).elements() if whole or (name in caught and name not in survived)]
    return fresh + [f"is in the list, and does not survive: {name}" for name in gone]


def _name(outcome: dict) -> str:
    """Without line and column, which move with every edit."""
    return re.sub(r":\d+:\d+: ", ": ", outcome["scenario"]["Mutant"]["name"], count=1)


def _run_with_progress(crate: str, command: list[str]) -> int:
    environment = os.environ | ENVIRONMENT
    # Each job builds in its own copy: in a folder for all, one would run what the other has compiled.
    environment.pop("CARGO_TARGET_DIR", None)
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        done, total, missed = 0, "?", 0
        for line in process.stdout or ():
            if found := re.match(r"Found (\d+) mutants", line):
                total = found[1]
            if not re.match(r"(caught|MISSED|TIMEOUT|unviable) ", line):
                continue
            done += 1
            if line.startswith("MISSED"):
                missed += 1
                print(f"{crate}: {line.rstrip()}", file=sys.stderr, flush=True)
            if done % 25 == 0:
                print(f"{crate}: {done} of {total} tried, {missed} survived", file=sys.stderr, flush=True)
    return process.returncode


def _print(results: list[Result]) -> None:
    print(f"\n{'crate':10}  tried  caught  timed out  survived  unviable   score  seconds")
    for result in results:
        print(
            f"{result.crate:10}  {result.tried:5}  {result.caught:6}  {result.timed_out:9}  {result.survived:8}  "
            f"{result.unviable:8}  {result.score:6.1%}  {result.seconds:7.0f}"
        )
    for result in results:
        for fault in result.faults:
            print(f"{result.crate}: {fault}")


if __name__ == "__main__":
    sys.exit(main())
