"""The AWS SDK for Rust with its default features."""

import tomllib
from datetime import timedelta
from pathlib import Path

from local.site import ROOT
from tests.clients.client import PAUSE_SECONDS, Client, session_arn, whole

PROGRAM = ROOT / "target" / "debug" / "sdk-client"
_LOCK = tomllib.loads((Path(__file__).parent / "rust" / "Cargo.lock").read_text())["package"]
_VERSIONS = {package["name"]: package["version"] for package in _LOCK}

RUST = Client(
    name="AWS SDK for Rust",
    version=f"aws-config {_VERSIONS['aws-config']}, aws-sdk-sts {_VERSIONS['aws-sdk-sts']}",
    command=lambda uses: [str(PROGRAM), str(uses), str(PAUSE_SECONDS)],
    proof=session_arn,
    sees=whole,
    lasting=timedelta(minutes=1),
    # From a moment within the last ten seconds on, and which one is left to chance: only the end is certain.
    ending=timedelta(seconds=1),
)
