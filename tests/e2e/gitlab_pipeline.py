"""A GitLab project whose pipeline runs for real: gitlab-ci-local reads its `.gitlab-ci.yml` and runs its jobs."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from local.aws import location
from local.gitlab import JobToken
from local.site import ROOT, Site

RUNNER = ROOT / "tests" / "pipeline" / "node_modules" / ".bin" / "gitlab-ci-local"
PROJECT = ROOT / "tests" / "pipeline" / "project"
REMOTE = "https://gitlab.nordwind.example/nordwind/platform/payments-api.git"
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """How a run ended: what was on the screen, colours taken out, and the exit status."""

    status: int
    screen: str


@dataclass(frozen=True)
class Checkout:
    """A clone on a runner, with what its jobs' image would have on the path."""

    folder: Path
    programs: tuple[Path, ...] = (Path(sys.executable).parent,)

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> Ended:
        done = subprocess.run(
            [str(RUNNER), "--force-shell-executor", "--no-color", *arguments],
            cwd=self.folder,
            env=self._machine() | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
        return Ended(done.returncode, re.sub(r"^ WARN  spec:inputs:regex .*\n", "", plain, flags=re.MULTILINE))

    def jobs(self, **variables: str) -> set[str]:
        """The names of the jobs that a pipeline with these variables has. What GitLab's schema does not know fails."""
        listed = self.run("--list-csv", *_flags(variables))
        assert listed.status == 0, listed.screen
        rows = [line.split(";") for line in listed.screen.splitlines() if ";" in line]
        return {row[0].strip('"') for row in rows[1:]}

    def with_programs(self, *folders: Path) -> "Checkout":
        return Checkout(self.folder, (*folders, *self.programs))

    def _machine(self) -> dict[str, str]:
        """A runner's variables, with nothing of this machine's own AWS settings."""
        path = [*map(str, self.programs), os.environ["PATH"]]
        return {"PATH": os.pathsep.join(path), "HOME": str(self.folder), "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Pipeline:
    """A pipeline of the project that a token was made out to."""

    site: Site
    checkout: Checkout
    token: JobToken
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, job: str, **more: str) -> Ended:
        """Runs one job, even if its rules do not want it. The token, GitLab's to mint, is the runner's variable."""
        claims = self.token.claims
        told = {
            "CI_PIPELINE_SOURCE": claims["pipeline_source"],
            "CI_COMMIT_REF_PROTECTED": claims["ref_protected"],
            "CI_COMMIT_BRANCH": claims["ref"],
            "CI_PROJECT_ID": claims["project_id"],
            "CREDENTIALS_URL": self.site.front_url,
            **self.variables,
            **more,
        }
        environment = {**location(self.site), "AWS_CONTAINER_AUTHORIZATION_TOKEN": self.token.text}
        ended = self.checkout.run(job, "--no-json-schema-validation", *_flags(told), environment=environment)
        assert self.token.text not in ended.screen
        return ended


def clone(folder: Path) -> Checkout:
    """The project of `tests/pipeline` as a runner has it, with its dependencies installed."""
    shutil.copytree(PROJECT, folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(ROOT / "infra" / "node_modules")
    return _checkout(folder)


def project(folder: Path, pipeline: str) -> Checkout:
    """A project with this pipeline and whatever is in the folder already."""
    (folder / ".gitlab-ci.yml").write_text(pipeline)
    return _checkout(folder)


def _checkout(folder: Path) -> Checkout:
    """Adds the templates, and what gitlab-ci-local asks git: a commit, a remote, the remote's default branch."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    for command in (
        "init --quiet --initial-branch main",
        f"remote add origin {REMOTE}",
        "add .",
        "-c user.name=mlind -c user.email=mlind@nordwind.example commit --quiet --message start",
        "update-ref refs/remotes/origin/main HEAD",
        "symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main",
    ):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    return Checkout(folder)


def _flags(variables: dict[str, str]) -> list[str]:
    return [part for name, value in variables.items() for part in ("--variable", f"{name}={value}")]
