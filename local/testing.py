"""Runs the test suites one after the other and sums them up: `python -m local.testing all | unit | e2e`.

Every suite runs, whatever the ones before it found. The last line is always `N passed, N failed`.
"""

import re
import subprocess
import sys
import time
from dataclasses import dataclass

from local.site import ROOT


@dataclass(frozen=True)
class Suite:
    name: str
    command: list[str]
    # How the runner tells its counts; a runner that tells them once per test binary is summed.
    passed: str
    failed: str


@dataclass(frozen=True)
class Result:
    suite: Suite
    passed: int
    failed: int
    seconds: float


RUST = Suite(
    "Rust: crates, functions, integration, architecture",
    ["cargo", "test", "--workspace", "--locked", "--no-fail-fast", "--quiet"],
    passed=r"^test result: .* (\d+) passed;",
    failed=r"^test result: .* (\d+) failed;",
)
INFRA = Suite(
    "CDK: constructs, settings, security properties",
    ["npm", "--prefix", "infra", "test", "--silent"],
    passed=r"^\S pass (\d+)$",
    failed=r"^\S fail (\d+)$",
)
END_TO_END = Suite(
    "End to end: on the local stack",
    [sys.executable, "-m", "pytest", "--quiet", "tests/e2e"],
    passed=r"\b(\d+) passed",
    failed=r"\b(\d+) (?:failed|error)",
)
CHOICES = {"all": [RUST, INFRA, END_TO_END], "unit": [RUST, INFRA], "e2e": [END_TO_END]}


def main(choice: str) -> int:
    results = [run(suite) for suite in CHOICES[choice]]
    width = max(len(result.suite.name) for result in results)
    print(f"\n{'suite':{width}}  passed  failed  seconds")
    for result in results:
        print(f"{result.suite.name:{width}}  {result.passed:6}  {result.failed:6}  {result.seconds:7.1f}")
    passed, failed = sum(result.passed for result in results), sum(result.failed for result in results)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def run(suite: Suite) -> Result:
    """Runs a suite with its output on the screen. A suite that broke, or ran nothing, counts as one failure."""
    print(f"\n== {suite.name}: {' '.join(suite.command)}", flush=True)
    began = time.monotonic()
    with subprocess.Popen(
        suite.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    passed, failed = _sum(suite.passed, lines), _sum(suite.failed, lines)
    if failed == 0 and (process.returncode != 0 or passed == 0):
        print(f"== {suite.name}: exit status {process.returncode} with {passed} tests passed counts as a failure")
        failed = 1
    return Result(suite, passed, failed, time.monotonic() - began)


def _sum(pattern: str, lines: list[str]) -> int:
    return sum(int(count) for line in lines for count in re.findall(pattern, line))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
