"""The local AWS: MiniStack, with TLS and IAM enforcement on."""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from local.aws import tls_context
from local.certificates import make_certificates
from local.processes import Background
from local.site import ACCOUNT, REGION, Site

START_SECONDS = 30


def start_emulator(site: Site) -> None:
    tls = site.folder / "tls"
    scratch = site.folder / "tmp"
    make_certificates(tls)
    scratch.mkdir(parents=True, exist_ok=True)
    part = emulator(site)
    part.start([str(Path(sys.executable).parent / "ministack")], _environment(site, tls, scratch))
    part.wait_until(lambda: _answers(site), START_SECONDS)


def emulator(site: Site) -> Background:
    return Background(site, "aws")


def _environment(site: Site, tls: Path, scratch: Path) -> dict[str, str]:
    """All of it: the functions inherit what the emulator has, and must not see this machine's variables."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        "PATH": path,
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(site.aws_port),
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(tls / "server.crt"),
        "MINISTACK_SSL_KEY": str(tls / "server.key"),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        # For the functions: where their SDK clients find AWS, and whom they trust there.
        "AWS_ENDPOINT_URL": site.aws_url,
        "SSL_CERT_FILE": str(site.ca_bundle),
        "AWS_CA_BUNDLE": str(site.ca_bundle),
        "NODE_EXTRA_CA_CERTS": str(site.ca_bundle),
    }


def _answers(site: Site) -> bool:
    try:
        with urllib.request.urlopen(
            f"{site.aws_url}/_ministack/health", context=tls_context(site), timeout=2
        ) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, OSError, ValueError):
        return False
