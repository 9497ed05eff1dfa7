"""docs/admins.md, from an empty table: its commands, as they stand there, on the local stack."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Brevet
from local.aws import administrator, environment
from local.rows import delete_row, project_scope
from local.site import ROOT

PAGE = (ROOT / "docs" / "admins.md").read_text()
_, _, SECTION = PAGE.partition("\n## From an empty table\n")
BLOCKS = re.findall(r"^```\n(.*?)^```\n", SECTION.partition("\n## ")[0], re.MULTILINE | re.DOTALL)


class Shell:
    """The administrator's shell, after the line that starts the stack."""

    def __init__(self, brevet: Brevet, folder: Path) -> None:
        self.brevet, self.folder = brevet, folder

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        deployment = self.brevet.deployment
        tools = [str(ROOT / "target" / "debug"), str(Path(sys.executable).parent), os.environ["PATH"]]
        variables = {
            **environment(self.brevet.site, administrator(self.brevet.site)),
            "BREVET_MAPPING_TABLE": deployment.mapping_table,
            "BREVET_MAPPING_AUDIT_LOG_GROUP": deployment.outputs["MappingAuditLogGroup"],
            "PATH": os.pathsep.join(tools),
            "HOME": str(self.folder),
        }
        # What a person at a terminal answers with `y`.
        command = command.replace("mappings apply", "mappings apply --yes")
        command = command.replace("localhost:8929", self.brevet.site.issuer_host)
        command = command.replace("/tmp/mappings", str(self.folder / "mappings"))
        return subprocess.run(["bash", "-c", command], env=variables, capture_output=True, text=True, check=False)


@pytest.fixture
def shell(brevet: Brevet, tmp_path: Path) -> Iterator[Shell]:
    yield Shell(brevet, tmp_path)
    delete_row(brevet.deployment, project_scope(brevet.deployment, 4712), "release")


def commands(block: str) -> list[str]:
    """The block's commands, each with its comment and with the text it reads."""
    commands = re.findall(r"(?:.*<<'YAML'\n(?:.*\n)*?YAML\n)|(?:.*\\\n)*.*\n", block)
    return [command for command in commands if not command.startswith("make up")]


def test_the_first_part_goes_from_an_empty_table_to_who_gets_there(shell: Shell) -> None:
    answers = {command.split("#")[0].strip(): shell.run(command) for command in commands(BLOCKS[0])}
    assert {command: (done.returncode, done.stderr) for command, done in answers.items() if done.returncode} == {}
    plans = [done.stdout for command, done in answers.items() if "plan" in command]
    assert "create" in answers["brevet mappings apply -f /tmp/mappings"].stdout
    assert plans
    assert shell.run("brevet mappings plan -f /tmp/mappings --exit-code").returncode == 0
    assert "4712" in answers["brevet who-can release"].stdout


def test_the_second_part_breaks_a_row_is_told_and_puts_it_right(shell: Shell) -> None:
    for command in commands(BLOCKS[0]):
        shell.run(command)
    update, look, lint, apply = commands(BLOCKS[1])
    assert shell.run(update).returncode == 0
    told = eventually(lambda: shell.run(look).stdout, lambda text: "reff" in text)
    assert "invalid" in told
    linted = shell.run(lint)
    assert linted.returncode == 1
    assert "invalid-row" in linted.stdout
    assert "reff" in linted.stdout
    refused = shell.brevet.credentials("release", shell.brevet.token(project="nordwind/platform/web"))
    assert refused.status == 403
    put_right = shell.run(apply)
    assert put_right.returncode == 0, put_right.stderr
    assert shell.run("brevet mappings lint --fail-on error").returncode == 0


def eventually(ask, is_well, seconds: float = 20) -> str:
    end = time.monotonic() + seconds
    while not is_well(answer := ask()) and time.monotonic() < end:
        time.sleep(0.5)
    assert is_well(answer), answer
    return answer
