"""The CDK CLI, which has the AWS SDK for JavaScript v3 in it."""

import json
from datetime import timedelta
from pathlib import Path

from local.cdk import INFRA
from local.site import TARGET_ACCOUNT
from tests.clients.client import Client
from tests.clients.javascript import what_node_says
from tests.clients.role import CHANNEL, PARAMETERS

_APP = Path(__file__).parent / "cdk" / "app.mjs"
_LOCK = json.loads((INFRA / "package-lock.json").read_text())["packages"]


def _look_up(uses: int) -> list[str]:
    """Looks so many parameters up, each with an SDK client of its own."""
    cdk = INFRA / "node_modules" / ".bin" / "cdk"
    parameters = ",".join(PARAMETERS[:uses])
    return ["env", f"PARAMETERS={parameters}", str(cdk), "synth", "--no-notices", "--app", f"node {_APP}"]


CDK = Client(
    name="CDK CLI",
    version=_LOCK["node_modules/aws-cdk"]["version"],
    command=_look_up,
    proof=lambda token: f"Value: {CHANNEL}",
    sees=what_node_says,
    lasting=timedelta(minutes=6),
    ending=timedelta(minutes=4),
    uses_at_once=True,
    further={
        "ACCOUNT": TARGET_ACCOUNT,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CI": "true",
    },
)
