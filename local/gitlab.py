"""The local GitLab: starts it, and asks it for the ID tokens of jobs."""

import base64
import json
import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from local.errors import LocalError
from local.processes import Background
from local.site import ROOT, Site

PROGRAM = ROOT / "target" / "debug" / "local-gitlab"
START_SECONDS = 10


@dataclass(frozen=True)
class JobToken:
    """What a job finds in its token variable, and what is written in it."""

    text: str
    claims: dict[str, Any]

    @property
    def session_name(self) -> str:
        """The role session that Brevet opens for this job."""
        return "gl-{project_id}-{pipeline_id}-{job_id}".format_map(self.claims)


def start_gitlab(site: Site) -> None:
    if not PROGRAM.exists():
        raise LocalError(f"{PROGRAM.relative_to(ROOT)} is not built: run `make up`, which builds it first")
    part = gitlab(site)
    command = [str(PROGRAM), "serve", "--port", str(site.gitlab_port), "--state", str(site.gitlab_state)]
    part.start(command, {"PATH": os.environ["PATH"]})
    part.wait_until(lambda: _answers(site), START_SECONDS)


def gitlab(site: Site) -> Background:
    return Background(site, "gitlab")


def job_token(site: Site, **job: Any) -> JobToken:
    """The token of a job, described with the flags of `local-gitlab token`: `ref`, `fork`, `project_id`, ..."""
    answer = _post(site, "token", job)
    return JobToken(answer["token"], answer["claims"])


def rotate_keys(site: Site) -> None:
    _post(site, "rotate", {})


def set_outage(site: Site, keys: str) -> None:
    """How the key set is served from now on: up, down, slow, garbage, ..."""
    _post(site, "outage", {"keys": keys})


def print_token(site: Site, arguments: list[str]) -> int:
    """Hands the arguments to `local-gitlab token`, which prints one token."""
    command = [str(PROGRAM), "token", *arguments, "--state", str(site.gitlab_state)]
    return subprocess.run(command, check=False).returncode


def altered(token: str, **claims: Any) -> str:
    """The token with other claims and its old signature: what a forger would send."""
    head, payload, signature = token.split(".")
    decoded = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps(decoded | claims).encode()).decode().rstrip("=")
    return ".".join([head, forged, signature])


def _answers(site: Site) -> bool:
    try:
        with urllib.request.urlopen(f"{site.issuer}/.well-known/openid-configuration", timeout=2) as answer:
            return json.load(answer)["issuer"] == site.issuer
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _post(site: Site, what: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"{site.issuer}/_local/{what}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
    except urllib.error.HTTPError as fault:
        raise LocalError(f"the local GitLab refused {what} {body}: {fault.read().decode()}") from fault
    return json.loads(text) if text else None
