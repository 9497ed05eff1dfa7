"""Runs the real CDK CLI against the local AWS."""

import json
import os
import subprocess
from pathlib import Path

from local.aws import administrator, environment
from local.errors import LocalError
from local.site import AUDIENCE, REGION, ROOT, Site

INFRA = ROOT / "infra"
ENVIRONMENT = "local"


def run_cdk(
    site: Site, name: str, account: str, command: list[str], directory: Path, settings: dict[str, str] | None = None
) -> None:
    """Runs one command as the administrator of an account; `name` names its log."""
    log = site.log(f"cdk-{name}")
    log.parent.mkdir(parents=True, exist_ok=True)
    arguments = [*command, "--output", str(site.folder / f"cdk.out-{name}")]
    if command == ["bootstrap"]:
        arguments.append(f"aws://{account}/{REGION}")
    with log.open("wb") as output:
        done = subprocess.run(
            [str(INFRA / "node_modules" / ".bin" / "cdk"), *arguments],
            cwd=directory,
            env=_environment(site, account) | (settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        tail = "\n".join(f"  | {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
        raise LocalError(f"cdk {command[0]} ({name}) failed: see {log.relative_to(ROOT)}\n{tail}")


def _environment(site: Site, account: str) -> dict[str, str]:
    """This machine's variables less its own AWS settings, the administrator's keys, and what CI would set."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_", "BREVET_"))},
        **environment(site, administrator(site, account)),
        "BREVET_ACCOUNT": account,
        "BREVET_REGION": REGION,
        "BREVET_ENVIRONMENT": ENVIRONMENT,
        "BREVET_ISSUERS": json.dumps([{"issuer": site.issuer, "audiences": [AUDIENCE]}]),
        "CI": "true",
        # Half of a synth's time. The tests of infra/ validate the same templates.
        "CDK_VALIDATION": "false",
    }
