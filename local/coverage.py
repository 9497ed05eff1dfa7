"""Measures which lines, regions and functions of `identity` and `policy` their own tests run.

The figures are of the code alone: tests that stand in the same file are left out. `--missing` names every line that no
test runs.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from local.errors import LocalError
from local.site import ROOT

CRATES = ["identity", "policy"]
TOOL = ROOT / ".tools" / "bin" / "cargo-llvm-cov"
TARGET = ROOT / "target" / "coverage"


@dataclass
class Coverage:
    """What of a crate the tests ran: `[run, of]`."""

    crate: str
    lines: list[int]
    regions: list[int]
    functions: list[int]
    missing: list[str]


def main() -> int:
    arguments = _parser().parse_args()
    try:
        environment = os.environ | llvm_tools() | {"CARGO_TARGET_DIR": str(TARGET)}
        crates = [measured(crate, environment) for crate in CRATES]
    except LocalError as fault:
        print(f"coverage: {fault}", file=sys.stderr)
        return 1
    if arguments.json:
        print(json.dumps({"crates": [asdict(crate) for crate in crates]}, indent=2))
        return 0
    print(f"{'crate':10}  {'lines':>16}  {'regions':>16}  {'functions':>16}")
    for crate in crates:
        print(f"{crate.crate:10}  {_share(crate.lines)}  {_share(crate.regions)}  {_share(crate.functions)}")
    if arguments.missing:
        print("\n".join(line for crate in crates for line in crate.missing))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.coverage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missing", action="store_true", help="name the lines that no test runs")
    parser.add_argument("--json", action="store_true", help="print the figures and the missing lines as JSON")
    return parser


def llvm_tools() -> dict[str, str]:
    """Where `llvm-cov` and `llvm-profdata` are: they must be of the LLVM that rustc was built with."""
    about = _output(["rustc", "-vV"])
    host, major = re.search(r"host: (\S+)", about), re.search(r"LLVM version: (\d+)", about)
    if not host or not major:
        raise LocalError("`rustc -vV` tells neither its host nor its LLVM")
    own = Path(_output(["rustc", "--print", "sysroot"]).strip()) / "lib" / "rustlib" / host[1] / "bin"
    found = {}
    for variable, name in [("LLVM_COV", "llvm-cov"), ("LLVM_PROFDATA", "llvm-profdata")]:
        path = os.environ.get(variable) or shutil.which(name, path=str(own)) or shutil.which(f"{name}-{major[1]}")
        if not path:
            raise LocalError(
                f"missing: {name} of LLVM {major[1]}. Run `rustup component add llvm-tools`, "
                f"or `apt-get install llvm-{major[1]}`, or name it in {variable}"
            )
        found[variable] = path
    return found


def measured(crate: str, environment: dict[str, str]) -> Coverage:
    """Runs the crate's tests with counters in the code, and adds up what they counted."""
    print(f"coverage: running the tests of {crate}", file=sys.stderr, flush=True)
    tool = [str(TOOL), "llvm-cov"]
    _output([*tool, "--locked", "--lib", "--package", f"brevet-{crate}", "--no-report"], environment)
    report = [*tool, "report", "--package", f"brevet-{crate}"]
    ends = {
        str(path): _end_of_code(path)
        for path in (ROOT / "crates" / crate / "src").rglob("*.rs")
        if path.stem not in ("tests", "test_support") and "tests" not in path.parts
    }
    lines = count_lines(_output([*report, "--lcov"], environment), ends)
    [export] = json.loads(_output([*report, "--json"], environment))["data"]
    regions, functions = count_regions(export["functions"], ends)
    missing = [f"{Path(path).relative_to(ROOT)}:{line}" for (path, line), count in sorted(lines.items()) if not count]
    return Coverage(crate, _sum(lines), _sum(regions), _sum(functions), missing)


def count_lines(lcov: str, ends: dict[str, int]) -> dict[tuple[str, int], int]:
    """How often each line was run, of the lines that stand before the end of their file's code."""
    counts = {}
    path = ""
    for record in lcov.splitlines():
        kind, _, value = record.partition(":")
        if kind == "SF":
            path = value
        elif kind == "DA":
            line, count = map(int, value.split(",")[:2])
            if line < ends.get(path, 0):
                counts[path, line] = count
    return counts


def count_regions(functions: list[dict], ends: dict[str, int]) -> tuple[dict[tuple, int], dict[tuple, int]]:
    """The same for regions and functions. A generic function is there once for every type it is used with."""
    regions: dict[tuple, int] = {}
    begun: dict[tuple, int] = {}
    for function in functions:
        for position, region in enumerate(function["regions"]):
            first, column, last, end, count, file, _expanded, kind = region
            path = function["filenames"][file]
            # Kind 0 is code: not a gap between pieces of it, nor a macro.
            if kind != 0 or first >= ends.get(path, 0):
                continue
            place = (path, first, column, last, end)
            regions[place] = max(regions.get(place, 0), count)
            if position == 0:
                begun[place] = max(begun.get(place, 0), function["count"])
    return regions, begun


def _end_of_code(path: Path) -> int:
    """The line on which the tests of the file begin, which is where its code ends."""
    lines = path.read_text().splitlines()
    return next((number for number, line in enumerate(lines, 1) if line == "mod tests {"), len(lines) + 1)


def _sum(counts: dict[tuple, int]) -> list[int]:
    return [sum(1 for count in counts.values() if count), len(counts)]


def _share(counts: list[int]) -> str:
    return f"{counts[0] / counts[1]:6.1%} {f'{counts[0]}/{counts[1]}':>9}"


def _output(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LocalError(f"`{' '.join(command)}` failed:\n{(done.stdout[-2000:] + done.stderr[-2000:]).rstrip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
