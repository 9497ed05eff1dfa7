"""The Rust packages of a release, from what cargo resolved: what the shipped programs need, not what only tests do."""

import tomllib
from typing import Any

SHIPPED = ["brevet-authorizer", "brevet-credentials", "brevet-mapping-auditor", "brevet-cli"]


def rust_bom(metadata: dict[str, Any], lock: str) -> dict[str, Any]:
    """CycloneDX from `cargo metadata` and the text of `Cargo.lock`, which has the checksums."""
    packages = {package["id"]: package for package in metadata["packages"]}
    needs = {node["id"]: _linked(node) for node in metadata["resolve"]["nodes"]}
    shipped = [package["id"] for package in metadata["packages"] if package["name"] in SHIPPED]
    reached = _reach(shipped, needs)
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in tomllib.loads(lock)["package"]}
    refs = {identity: _purl(packages[identity]) for identity in reached}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "brevet", "bom-ref": "brevet"}},
        "components": sorted(
            (_component(packages[identity], checksums) for identity in reached), key=lambda one: one["bom-ref"]
        ),
        "dependencies": [
            {"ref": "brevet", "dependsOn": sorted(refs[identity] for identity in shipped)},
            *sorted(
                ({"ref": refs[one], "dependsOn": sorted({refs[need] for need in needs[one]})} for one in reached),
                key=lambda one: one["ref"],
            ),
        ],
    }


def _linked(node: dict[str, Any]) -> list[str]:
    """What a package needs to be built and to run; `dev` is what only its tests need."""
    return [need["pkg"] for need in node["deps"] if any(kind["kind"] != "dev" for kind in need["dep_kinds"])]


def _reach(starts: list[str], needs: dict[str, list[str]]) -> set[str]:
    reached, waiting = set(), list(starts)
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += needs[one]
    return reached


def _purl(package: dict[str, Any]) -> str:
    return f"pkg:cargo/{package['name']}@{package['version']}"


def _component(package: dict[str, Any], checksums: dict[tuple[str, str], str | None]) -> dict[str, Any]:
    checksum = checksums.get((package["name"], package["version"]))
    component = {
        "type": "application" if package["name"] in SHIPPED else "library",
        "bom-ref": _purl(package),
        "name": package["name"],
        "version": package["version"],
        "purl": _purl(package),
    }
    if package["license"]:
        # Old packages say `MIT/Apache-2.0`, which is no expression of SPDX.
        component["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if checksum:
        component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return component
