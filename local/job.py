"""A GitLab job's shell: what a pipeline author has after adding the variables of Brevet, and nothing more."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.aws import location
from local.gitlab import JobToken
from local.site import Site

PATIENCE_SECONDS = 60


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
        environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(self.site.folder / "tmp"),
            "LANG": "C.UTF-8",
            **location(self.site),
            **self.variables,
        }
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
