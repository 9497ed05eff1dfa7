"""Fuzzes Brevet: builds the targets, runs them one after the other, and tells what came of it.

Each target is a function of `fuzz/src/checks` with an invariant; `fuzz/README.md` lists them. It starts from seeds,
from what earlier runs found worth keeping (`fuzz/corpus`), and from the inputs of bugs that were fixed
(`fuzz/regressions`).

  make fuzz SECONDS=60                 all targets, a minute each
  make fuzz TARGET=row SECONDS=600     one
  make fuzz TARGET="row tags"          two, a minute each

Exit code 0: nothing found. 1: an input breaks an invariant; its path is told. 2: something is missing, or does not
build.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from seeds import FUZZ, ROOT, write_seeds

CARGO_FUZZ = ROOT / ".tools" / "bin" / "cargo-fuzz"
PROGRESS = re.compile(rb"^#(\d+)\s.*\bcov: (\d+) ft: (\d+)")


@dataclass
class Run:
    """What came of a target."""

    target: str
    seconds: int = 0
    executions: int = 0
    coverage: int = 0
    features: int = 0
    finding: str | None = None


def main() -> int:
    arguments = parse_arguments()
    targets = read_targets()
    chosen = arguments.target or list(targets)
    unknown = [name for name in chosen if name not in targets]
    if unknown:
        return fail(f"no target is called {', '.join(unknown)}; there are {', '.join(targets)}")
    if not CARGO_FUZZ.exists():
        return fail("missing: .tools/bin/cargo-fuzz (start this as `make fuzz`, which installs it)")
    binaries = build(chosen, sorted({feature for name in chosen for feature in targets[name]}))
    if binaries is None:
        return 2
    runs = []
    for number, name in enumerate(chosen, start=1):
        say(f"[{number}/{len(chosen)}] {name}: {write_seeds(name)} seeds, {arguments.seconds} s")
        runs.append(fuzz(binaries / name, name, arguments.seconds))
    print(json.dumps([asdict(run) for run in runs], indent=2) if arguments.json else table(runs))
    found = [run for run in runs if run.finding]
    for run in found:
        say(f"{run.target}: {run.finding} breaks the invariant. Again: {binaries / run.target} {run.finding}")
    return 1 if found else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", action="append", metavar="NAME", help="this target, and others if given again")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="how long each target runs; default: 60")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    return parser.parse_args()


def read_targets() -> dict[str, list[str]]:
    """The targets in their order, each with the features its build needs."""
    manifest = tomllib.loads((FUZZ / "Cargo.toml").read_text())
    return {target["name"]: target.get("required-features", []) for target in manifest["bin"]}


def build(targets: list[str], features: list[str]) -> Path | None:
    """Builds the targets and says where their programs are."""
    command = ["cargo", "+nightly", "fuzz", "build", "--codegen-units", "16"]
    if features:
        command += ["--features", ",".join(features)]
    if len(targets) == 1:
        command += targets
    environment = {**os.environ, "PATH": f"{CARGO_FUZZ.parent}:{os.environ['PATH']}"}
    say("building with AddressSanitizer (the first time takes minutes)")
    if subprocess.run(command, cwd=FUZZ, env=environment, check=False).returncode != 0:
        say("the targets do not build")
        return None
    host = subprocess.run(["rustc", "--version", "--verbose"], capture_output=True, text=True, check=True).stdout
    triple = next(line.removeprefix("host: ") for line in host.splitlines() if line.startswith("host: "))
    return FUZZ / "target" / triple / "release"


def fuzz(program: Path, name: str, seconds: int) -> Run:
    artifacts = FUZZ / "artifacts" / name
    artifacts.mkdir(parents=True, exist_ok=True)
    regressions = FUZZ / "regressions" / name
    command = [program, FUZZ / "corpus" / name, *([regressions] if regressions.is_dir() else [])]
    command += [f"-max_total_time={seconds}", f"-dict={dictionary()}", f"-artifact_prefix={artifacts}/"]
    command += ["-timeout=25", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=1"]
    log = FUZZ / "artifacts" / f"{name}.log"
    run, started, told = Run(name), time.monotonic(), 0.0
    environment = {**os.environ, "ASAN_OPTIONS": "detect_odr_violation=0"}
    with (
        log.open("wb") as kept,
        subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment) as process,
    ):
        assert process.stderr is not None
        for line in process.stderr:
            kept.write(line)
            if progress := PROGRESS.match(line):
                run.executions, run.coverage, run.features = (int(number) for number in progress.groups())
            if written := re.search(rb"Test unit written to (\S+)", line):
                run.finding = written.group(1).decode()
            if line.startswith(b"stat::number_of_executed_units:"):
                run.executions = int(line.split(b":")[-1])
            if time.monotonic() - told > 10:
                told = time.monotonic()
                say(f"    {told - started:4.0f} s  {run.executions:>10,} executions  {run.features:>6,} features")
    run.seconds = round(time.monotonic() - started)
    if process.returncode != 0 and run.finding is None:
        run.finding = str(log)
    return run


def dictionary() -> Path:
    """The words in libFuzzer's form."""
    path = FUZZ / "corpus" / "words.dict"
    words = [word for word in (FUZZ / "words.txt").read_text().splitlines() if word]
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    path.write_text("".join(f'"{word}"\n' for word in escaped))
    return path


def table(runs: list[Run]) -> str:
    lines = [f"{'target':<20} {'seconds':>8} {'executions':>12} {'coverage':>9} {'features':>9}  found"]
    for run in runs:
        found = run.finding or "nothing"
        numbers = f"{run.seconds:>8,} {run.executions:>12,} {run.coverage:>9,} {run.features:>9,}"
        lines.append(f"{run.target:<20} {numbers}  {found}")
    seconds, executions = sum(run.seconds for run in runs), sum(run.executions for run in runs)
    found = sum(run.finding is not None for run in runs)
    lines.append(f"{'all':<20} {seconds:>8,} {executions:>12,} {'':>9} {'':>9}  {found or 'nothing'}")
    return "\n".join(lines)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> int:
    say(text)
    return 2


if __name__ == "__main__":
    sys.exit(main())
