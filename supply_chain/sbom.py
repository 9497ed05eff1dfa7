"""Writes what a release is made of as CycloneDX JSON, one file for each kind of package, from the lock files alone.

rust.cdx.json is what the functions and the command line are made of; the others are tools to build, deploy and test.
Every file is checked against CycloneDX's own schema. The same commit gives the same files.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from supply_chain.rust import rust_bom

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "target" / "sbom"
TARGETS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]
NPM = {"npm-infra": "infra", "npm-pipeline-tests": "tests/pipeline", "npm-client-tests": "tests/clients/js"}
PYTHON = {"python": "requirements.txt", "python-supply-chain": "supply_chain/requirements.txt"}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make sbom", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one JSON object of counts by file instead of lines")
    as_json = parser.parse_args().json
    FOLDER.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, bom in _boms().items():
        refuse_faults(name, bom)
        (FOLDER / f"{name}.cdx.json").write_text(json.dumps(bom, indent=2, sort_keys=True) + "\n")
        counts[f"{name}.cdx.json"] = len(bom["components"])
    if as_json:
        print(json.dumps(counts, indent=2))
    else:
        for file, count in counts.items():
            print(f"{FOLDER.relative_to(ROOT)}/{file:32} {count:5} packages")
    return 0


def refuse_faults(name: str, bom: dict[str, Any]) -> None:
    """Ends the program where a list is none that other tools could read, or is empty."""
    version = SchemaVersion.from_version(bom["specVersion"])
    fault = JsonStrictValidator(version).validate_str(json.dumps(bom))
    if fault is not None:
        sys.exit(f"{name} is not CycloneDX {bom['specVersion']}: {fault}")
    if not bom.get("components"):
        sys.exit(f"{name} lists no package")


def _boms() -> dict[str, dict[str, Any]]:
    targets = [word for target in TARGETS for word in ("--filter-platform", target)]
    metadata = _json(["cargo", "metadata", "--format-version", "1", "--locked", *targets])
    boms = {"rust": rust_bom(metadata, (ROOT / "Cargo.lock").read_text())}
    for name, folder in NPM.items():
        command = ["npm", "--prefix", folder, "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"]
        boms[name] = _timeless(_json(command))
    for name, lock in PYTHON.items():
        command = [f"{Path(sys.executable).parent}/cyclonedx-py", "requirements", lock, "--output-reproducible"]
        boms[name] = _json([*command, "--output-format", "JSON", "--spec-version", "1.5"])
    return boms


def _timeless(bom: dict[str, Any]) -> dict[str, Any]:
    """A list without what differs each time it is made."""
    metadata = {key: value for key, value in bom["metadata"].items() if key != "timestamp"}
    return {key: value for key, value in bom.items() if key != "serialNumber"} | {"metadata": metadata}


def _json(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"`{' '.join(command)}` failed:\n{done.stderr}")
    value: dict[str, Any] = json.loads(done.stdout)
    return value


if __name__ == "__main__":
    sys.exit(main())
