"""A GitLab job's shell: what a pipeline author has after adding the variables of Brevet, and nothing more."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.aws import location
from local.gitlab import JobToken
from local.site import ROOT, Site

PATIENCE_SECONDS = 60
# The command line as `make brevet` builds it.
PROGRAM = ROOT / "target" / "debug" / "brevet"


@dataclass(frozen=True)
class Job:
    site: Site
    token: JobToken
    role: str

    @property
    def variables(self) -> dict[str, str]:
        """The two variables that make every AWS SDK fetch its credentials from Brevet."""
        return {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{self.site.front_url}/credentials?role={self.role}",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token.text,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the job's script; the rest of its environment only says where the local AWS is."""
        return _run(command, {**_surroundings(self.site), **self.variables})


def run_brevet(
    site: Site, token: JobToken | None, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command line in a job that has an ID token, and these variables beside it."""
    return _run((str(PROGRAM), *arguments), brevet_variables(site, token) | variables)


def brevet_variables(site: Site, token: JobToken | None) -> dict[str, str]:
    """The environment of a job that uses the command line."""
    mine = {"BREVET_URL": site.front_url} | ({"BREVET_ID_TOKEN": token.text} if token else {})
    return {**_surroundings(site), **mine}


def _surroundings(site: Site) -> dict[str, str]:
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(site.folder / "tmp"),
        "LANG": "C.UTF-8",
        **location(site),
    }


def _run(command: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
