"""The AWS SDK for JavaScript v3, in a program of Node."""

import json
import re
from datetime import timedelta
from pathlib import Path

from tests.clients.client import PAUSE_SECONDS, Client, session_arn

_FOLDER = Path(__file__).parent / "js"
_LOCK = json.loads((_FOLDER / "package-lock.json").read_text())["packages"]


def _version(package: str) -> str:
    return _LOCK[f"node_modules/@aws-sdk/{package}"]["version"]


def what_node_says(text: str) -> str:
    """The error that was not caught, or else the first warning."""
    lines = text.splitlines()
    said = [line for line in lines if re.match(r"\w*Error:? ", line)] + [line for line in lines if "[WARN]" in line]
    return said[0] if said else ""


JAVASCRIPT = Client(
    name="AWS SDK for JavaScript v3",
    version=f"client-sts {_version('client-sts')}, credential-provider-http {_version('credential-provider-http')}",
    command=lambda uses: ["node", str(_FOLDER / "client.js"), str(uses), str(PAUSE_SECONDS)],
    proof=session_arn,
    sees=what_node_says,
    lasting=timedelta(minutes=6),
    ending=timedelta(minutes=4),
)
