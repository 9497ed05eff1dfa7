"""Looks every locked dependency up in the advisory database of its kind: pass, found or cannot tell for each lock file.

Exit status: 0 nothing is known against any of them. 1 something is: update what is named, or say in deny.toml why it
does not matter. 3 a database could not be had, so nobody can tell: look at the network, and run it again.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from supply_chain.verdicts import Finding, Verdict, exit_code, of_cargo_deny, of_npm, of_pip_audit

ROOT = Path(__file__).resolve().parent.parent
CARGO = ["Cargo.lock", "tests/clients/rust/Cargo.lock"]
NPM = ["infra/package-lock.json", "tests/pipeline/package-lock.json", "tests/clients/js/package-lock.json"]
PIP = ["requirements.txt", "supply_chain/requirements.txt"]
# Fetching a database is all that takes long.
SECONDS = 300


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make audit", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON array instead of lines")
    as_json = parser.parse_args().json
    findings = []
    for finding in _findings():
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        print(json.dumps([asdict(finding) | {"verdict": finding.verdict.value} for finding in findings], indent=2))
    return exit_code(findings)


def _findings() -> Iterator[Finding]:
    for lock in CARGO:
        command = [".tools/bin/cargo-deny", "--manifest-path", lock.replace(".lock", ".toml"), "--config", "deny.toml"]
        status, _, errors = _run([*command, "--format", "json", "--locked", "check", "advisories"])
        yield of_cargo_deny(lock, status, errors)
    for lock in NPM:
        yield of_npm(lock, _run(["npm", "--prefix", str(Path(lock).parent), "audit", "--json"])[1])
    for lock in PIP:
        command = [f"{Path(sys.executable).parent}/pip-audit", "--requirement", lock, "--no-deps", "--disable-pip"]
        yield of_pip_audit(lock, _run([*command, "--format", "json", "--progress-spinner", "off"])[1])


def _run(command: list[str]) -> tuple[int, str, str]:
    try:
        done = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {SECONDS} s", f"no answer within {SECONDS} s"
    return done.returncode, done.stdout, done.stderr


def _show(finding: Finding) -> None:
    print(f"{finding.tool:11} {finding.lock:36} {finding.verdict.value}", flush=True)
    for detail in finding.details:
        print(f"            {detail}", flush=True)
    if finding.verdict is Verdict.UNKNOWN:
        print("            The advisory database could not be asked: this says nothing about the code.", flush=True)


if __name__ == "__main__":
    sys.exit(main())
