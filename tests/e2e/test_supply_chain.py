"""What auditing tools say is read for what it means, lists of packages are whole, and nothing unpinned is installed."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.site import ROOT
from supply_chain.rust import rust_bom
from supply_chain.verdicts import Finding, Verdict, exit_code, of_cargo_deny, of_npm, of_pip_audit


def _deny(errors: int, *diagnostics: dict[str, Any]) -> str:
    summary = {"type": "summary", "fields": {"advisories": {"errors": errors, "helps": 0, "notes": 0, "warnings": 0}}}
    return "\n".join(json.dumps(line) for line in [*diagnostics, summary])


VULNERABILITY = {
    "type": "diagnostic",
    "fields": {
        "severity": "error",
        "code": "vulnerability",
        "message": "Made up",
        "advisory": {"id": "RUSTSEC-2026-9999", "package": "serde"},
    },
}
YANKED = {"type": "diagnostic", "fields": {"severity": "error", "code": "yanked", "message": "detected yanked crate"}}
UNFETCHED = json.dumps({"type": "log", "fields": {"level": "ERROR", "message": "failed to fetch advisory database"}})
BAD_SETTINGS = json.dumps({"type": "diagnostic", "fields": {"severity": "error", "message": "no such key"}})


@pytest.mark.parametrize(
    ("status", "output", "verdict", "details"),
    [
        (1, _deny(1, VULNERABILITY), Verdict.FOUND, ["serde: RUSTSEC-2026-9999"]),
        (1, _deny(1, YANKED), Verdict.FOUND, ["yanked: detected yanked crate"]),
        (1, UNFETCHED, Verdict.UNKNOWN, ["failed to fetch advisory database"]),
        (1, BAD_SETTINGS, Verdict.UNKNOWN, [BAD_SETTINGS]),
        (0, "", Verdict.UNKNOWN, ["it said nothing"]),
        (1, _deny(0), Verdict.UNKNOWN, [_deny(0)]),
        (0, _deny(0), Verdict.CLEAN, []),
    ],
    ids=["vulnerability", "yanked", "no database", "bad settings", "nothing", "broke after all", "clean"],
)
def test_what_cargo_deny_says(status: int, output: str, verdict: Verdict, details: list[str]) -> None:
    assert of_cargo_deny("Cargo.lock", status, output) == Finding("cargo deny", "Cargo.lock", verdict, details)


@pytest.mark.parametrize(
    ("answer", "verdict", "details"),
    [
        ({"auditReportVersion": 2, "vulnerabilities": {"tar": {"severity": "high"}}}, Verdict.FOUND, ["tar: high"]),
        ({"message": "405 Method Not Allowed", "error": {"summary": ""}}, Verdict.UNKNOWN, ["405 Method Not Allowed"]),
        ({}, Verdict.UNKNOWN, ["{}"]),
        ({"auditReportVersion": 2, "vulnerabilities": {}}, Verdict.CLEAN, []),
    ],
    ids=["found", "no database", "nothing", "clean"],
)
def test_what_npm_audit_says(answer: dict[str, Any], verdict: Verdict, details: list[str]) -> None:
    assert of_npm("x", json.dumps(answer)) == Finding("npm audit", "x", verdict, details)


KNOWN = {"name": "ruff", "version": "0.1.0", "vulns": []}
SKIPPED = {"name": "six", "skip_reason": "not found on PyPI"}
VULNERABLE = {"name": "pyyaml", "version": "5.3", "vulns": [{"id": "PYSEC-2021-142"}]}


@pytest.mark.parametrize(
    ("packages", "verdict"),
    [
        ([KNOWN, SKIPPED, VULNERABLE], Verdict.FOUND),
        ([KNOWN, SKIPPED], Verdict.UNKNOWN),
        ([], Verdict.UNKNOWN),
        ([KNOWN], Verdict.CLEAN),
    ],
    ids=["found", "one was skipped", "nothing", "clean"],
)
def test_what_pip_audit_says(packages: list[dict[str, Any]], verdict: Verdict) -> None:
    assert of_pip_audit("x", json.dumps({"dependencies": packages})).verdict is verdict


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([Verdict.CLEAN, Verdict.UNKNOWN, Verdict.FOUND], 1),
        ([Verdict.CLEAN, Verdict.UNKNOWN], 3),
        ([], 3),
        ([Verdict.CLEAN, Verdict.CLEAN], 0),
    ],
)
def test_a_database_that_cannot_be_had_is_no_pass_and_no_fault_of_the_code(verdicts: list[Verdict], code: int) -> None:
    assert exit_code([Finding("tool", "lock", verdict, []) for verdict in verdicts]) == code


def test_the_list_of_rust_packages_has_what_is_shipped_and_not_what_tests_need() -> None:
    metadata = {
        "packages": [
            _package("brevet-cli"),
            _package("used", "MIT/Apache-2.0"),
            _package("below"),
            _package("testing"),
        ],
        "resolve": {
            "nodes": [
                {"id": "brevet-cli", "deps": [_need("used", None), _need("testing", "dev")]},
                {"id": "used", "deps": [_need("below", "build")]},
                {"id": "below", "deps": []},
                {"id": "testing", "deps": []},
            ]
        },
    }
    lock = '[[package]]\nname = "used"\nversion = "1.0.0"\nchecksum = "00ff"\n'
    bom = rust_bom(metadata, lock)
    assert [one["name"] for one in bom["components"]] == ["below", "brevet-cli", "used"]
    used = bom["components"][-1]
    assert used["hashes"] == [{"alg": "SHA-256", "content": "00ff"}]
    assert used["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert {"ref": "pkg:cargo/used@1.0.0", "dependsOn": ["pkg:cargo/below@1.0.0"]} in bom["dependencies"]


def _package(name: str, licence: str = "MIT") -> dict[str, str]:
    return {"id": name, "name": name, "version": "1.0.0", "license": licence}


def _need(name: str, kind: str | None) -> dict[str, Any]:
    return {"pkg": name, "dep_kinds": [{"kind": kind}]}


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [("$PWD", 1, "DIFFERS"), ("the same", 0, "the same")],
    ids=["binaries that name their folder", "binaries that do not"],
)
def test_two_builds_are_compared(tmp_path: Path, content: str, status: int, said: str) -> None:
    """With a `make` that builds nothing, as the real one takes minutes; `make reproducible` is the whole of it."""
    stand_in = tmp_path / "make"
    stand_in.write_text(
        '#!/bin/sh\ncd "$2" && mkdir -p target/lambda/authorizer && '
        f'echo "{content}" > target/lambda/authorizer/bootstrap\n'
    )
    stand_in.chmod(0o755)
    done = subprocess.run(
        [ROOT / "supply_chain" / "reproducible.sh", "local"],
        env=os.environ
        | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FUNCTIONS": "authorizer", "TMPDIR": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, re.search(r"^authorizer +(DIFFERS|the same) +[0-9a-f]{64}", done.stdout)[1]) == (
        status,
        said,
    )
    assert list(tmp_path.iterdir()) == [stand_in]


# Each has to be held by a lock file, or name one version or digest.
PINNED = {
    r"cargo install\b": r"--locked .*@\$?[\d(]",
    r"cargo (?:build|test|clippy|metadata)\b|CARGO_LAMBDA\) build": r"--locked",
    r"\bnpm (?:--prefix \S+ )?(?:install|i|add)\b": r"never",
    r"\bnpx\b": r"--no-install|--no(?= )",
    r"\bpip\"? install\b": r"--require-hashes|==\d",
    r"\bcurl\b.*--output": r"\$\w+$|\"\$\w+\"$",
}
INSTALLERS = [
    "Makefile",
    "tools.mk",
    ".gitlab-ci.yml",
    ".ci/run",
    *sorted(path.relative_to(ROOT) for path in ROOT.glob("*/*.sh")),
]


def unpinned(text: str) -> list[str]:
    """The commands of a script that would install or build whatever is newest."""
    lines = [line.strip() for line in text.replace("\\\n", " ").splitlines()]
    return [
        line
        for line in lines
        if not line.startswith("#")
        for command, pin in PINNED.items()
        if re.search(command, line) and not re.search(pin, line)
    ]


@pytest.mark.parametrize("name", INSTALLERS, ids=str)
def test_no_script_installs_whatever_is_newest(name: str | Path) -> None:
    assert unpinned((ROOT / name).read_text()) == []


@pytest.mark.parametrize(
    "line",
    [
        "cargo install cargo-deny@0.20.2",
        "cargo install --locked cargo-deny",
        "cargo build --release",
        "npm install",
        "npm --prefix infra install",
        "npx cdk deploy",
        "pip install ruff",
    ],
)
def test_an_unpinned_command_is_noticed(line: str) -> None:
    assert unpinned(f"  {line}\n") == [line]


def test_every_image_of_a_pipeline_names_its_version() -> None:
    files = [ROOT / ".gitlab-ci.yml", *ROOT.glob("templates/*/template.yml")]
    images = [image for file in files for image in re.findall(r"^\s*image: (\S+)$", file.read_text(), re.MULTILINE)]
    assert images
    for image in images:
        assert re.fullmatch(r"[\w./-]+(:\d[\w.-]*|@sha256:[0-9a-f]{64})|\$\[\[.*|\$\w+", image), image


@pytest.mark.parametrize("name", ["infra", "tests/pipeline", "tests/clients/js", "bench/peers/node"])
def test_every_npm_package_is_locked_with_its_digest(name: str) -> None:
    packages = json.loads((ROOT / name / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    for path, package in packages.items():
        if path and not package.get("inBundle"):
            assert package["integrity"].startswith("sha512-"), path


@pytest.mark.parametrize("name", ["Cargo.lock", "tests/clients/rust/Cargo.lock"])
def test_every_crate_that_is_not_ours_is_locked_with_its_digest(name: str) -> None:
    for package in tomllib.loads((ROOT / name).read_text())["package"]:
        assert "checksum" in package or package["name"].startswith("brevet") or "source" not in package, package


@pytest.mark.parametrize(
    "name", ["requirements.txt", "supply_chain/requirements.txt", "bench/peers/python/requirements.txt"]
)
def test_every_python_package_is_locked_with_its_digest(name: str) -> None:
    entries = [line for line in (ROOT / name).read_text().replace("\\\n", " ").splitlines() if re.match(r"\w", line)]
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_audit_runs_on_schedule_and_before_a_release_and_may_not_know() -> None:
    jobs = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text())
    assert jobs["audit"]["allow_failure"] == {"exit_codes": [3]}
    rules = [rule["if"] for rule in jobs["audit"]["rules"]]
    assert rules == ['$CI_PIPELINE_SOURCE == "schedule"', "$CI_COMMIT_TAG"]
    stages = jobs["stages"]
    assert stages.index(jobs["audit"]["stage"]) < stages.index(jobs["publish"]["stage"])
