"""What the answer of each auditing tool means: no advisory, some, or that nobody can tell."""

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Verdict(Enum):
    """Whether the advisory database knows something against a set of packages."""

    CLEAN = "pass"
    FOUND = "found"
    # The database could not be had. This is no verdict on the code, and no pass either.
    UNKNOWN = "cannot tell"


@dataclass(frozen=True)
class Finding:
    """What one tool said of one lock file."""

    tool: str
    lock: str
    verdict: Verdict
    # An advisory, or why there is no verdict; one line each.
    details: list[str]


def of_cargo_deny(lock: str, status: int, output: str) -> Finding:
    """Reads `cargo deny --format json check advisories`: one JSON object a line."""
    lines = [line for line in map(_object, output.splitlines()) if line]
    summary = next((line["fields"]["advisories"] for line in lines if line["type"] == "summary"), None)
    if summary is not None and summary["errors"] > 0:
        errors = [line["fields"] for line in lines if line["type"] == "diagnostic" and _is_error(line)]
        return Finding("cargo deny", lock, Verdict.FOUND, [_rust_advisory(error) for error in errors])
    if summary is not None and status == 0:
        return Finding("cargo deny", lock, Verdict.CLEAN, [])
    # Without a summary it did not get as far as looking anything up.
    logged = [line["fields"].get("message", "") for line in lines if line["type"] == "log"]
    return Finding("cargo deny", lock, Verdict.UNKNOWN, [_reason(logged, output)])


def of_npm(lock: str, output: str) -> Finding:
    """Reads `npm audit --json`."""
    answer = _object(output)
    if answer.get("auditReportVersion") != 2:
        return Finding("npm audit", lock, Verdict.UNKNOWN, [_reason([str(answer.get("message") or "")], output)])
    found = [f"{name}: {package['severity']}" for name, package in sorted(answer["vulnerabilities"].items())]
    return Finding("npm audit", lock, Verdict.FOUND if found else Verdict.CLEAN, found)


def of_pip_audit(lock: str, output: str) -> Finding:
    """Reads `pip-audit --format json`. Packages it skipped were not looked up, though it calls that a success."""
    packages = _object(output).get("dependencies", [])
    found = [
        f"{package['name']} {package['version']}: {advisory['id']}"
        for package in packages
        for advisory in package.get("vulns", [])
    ]
    if found:
        return Finding("pip-audit", lock, Verdict.FOUND, found)
    skipped = [package["skip_reason"] for package in packages if "skip_reason" in package]
    if skipped or not packages:
        details = [f"{len(skipped)} of {len(packages)} packages were not looked up: {_reason(skipped, output)}"]
        return Finding("pip-audit", lock, Verdict.UNKNOWN, details)
    return Finding("pip-audit", lock, Verdict.CLEAN, [])


def exit_code(findings: list[Finding]) -> int:
    """0 for a pass, 1 if anything was found, 3 if not everything could be looked up."""
    verdicts = {finding.verdict for finding in findings}
    if Verdict.FOUND in verdicts:
        return 1
    return 0 if verdicts == {Verdict.CLEAN} else 3


def _is_error(line: dict[str, Any]) -> bool:
    return line["fields"].get("severity") == "error"


def _rust_advisory(error: dict[str, Any]) -> str:
    advisory = error.get("advisory") or {}
    return f"{advisory.get('package', error.get('code'))}: {advisory.get('id', error['message'])}"


def _reason(messages: list[str], output: str) -> str:
    text = next((message for message in messages if message), output) or "it said nothing"
    return text.strip().splitlines()[0][:200]


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
