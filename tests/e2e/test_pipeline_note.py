"""The diff of a merge request: an artifact always, and a note where there is a token to write it with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Brevet
from gitlab_notes import TOKEN, Notes, notes_of_a_merge_request
from gitlab_pipeline import Ended, Pipeline, project

# The CDK is left out: what it would print is in a file.
PIPELINE = """
include:
  - local: /templates/cdk-diff/template.yml
    inputs:
      endpoint: $CREDENTIALS_URL
      audience: https://brevet.local
      region: eu-west-1
      install: ''
      cdk_command: sh ./cdk.sh
      log_group: ''
      note_token_variable: NOTE_TOKEN

# Whoever looks for a fault adds this: no token may be on the screen then either.
cdk-diff:
  before_script: [set -x]
"""
STAND_IN = 'if [ "$1" = diff ]; then cat printed; exit "$(cat status)"; fi\n'


@pytest.fixture
def notes() -> Iterator[Notes]:
    with notes_of_a_merge_request() as notes:
        yield notes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cdk.sh").write_text(STAND_IN)
    (tmp_path / "status").write_text("0")
    (tmp_path / "printed").write_text("[+] AWS::SSM::Parameter Motto\n")
    return tmp_path


def run(brevet: Brevet, folder: Path, notes: Notes, note_token: str = TOKEN) -> Ended:
    token = brevet.token(source="merge_request_event", ref="feature/x")
    ended = Pipeline(brevet.site, project(folder, PIPELINE), token).run(
        "cdk-diff", NOTE_TOKEN=note_token, **notes.variables
    )
    assert TOKEN not in ended.screen
    return ended


def test_the_diff_is_a_note_and_an_artifact(brevet: Brevet, folder: Path, notes: Notes) -> None:
    ended = run(brevet, folder, notes)
    assert ended.status == 0, ended.screen
    assert (folder / "cdk-diff.diff").read_text() == "[+] AWS::SSM::Parameter Motto\n"
    assert "AWS::SSM::Parameter Motto" in ended.screen
    [human, mine] = notes.bodies
    assert human == "Looks good to me"
    assert "```diff\n[+] AWS::SSM::Parameter Motto\n```" in mine


def test_the_next_pipeline_replaces_the_note(brevet: Brevet, folder: Path, notes: Notes) -> None:
    notes.bodies.append("<!-- brevet: cdk-diff -->\nof the pipeline before")
    ended = run(brevet, folder, notes)
    assert ended.status == 0, ended.screen
    assert len(notes.bodies) == 2
    assert "AWS::SSM::Parameter Motto" in notes.bodies[1]


def test_a_long_diff_is_cut_in_the_note_and_whole_in_the_artifact(brevet: Brevet, folder: Path, notes: Notes) -> None:
    lines = [f"[+] AWS::SSM::Parameter Motto{number:05}" for number in range(3000)]
    (folder / "printed").write_text("\n".join(lines) + "\n")
    ended = run(brevet, folder, notes)
    assert ended.status == 0, ended.screen
    note = notes.bodies[-1]
    assert len(note) < 61_000
    assert "Cut after 59990 of 105000 characters" in note
    assert (folder / "cdk-diff.diff").read_text().splitlines() == lines


def test_a_diff_cannot_get_out_of_its_block(brevet: Brevet, folder: Path, notes: Notes) -> None:
    (folder / "printed").write_text("```\n# Approved by the security team\n")
    run(brevet, folder, notes)
    assert "````diff\n```\n# Approved by the security team\n````" in notes.bodies[-1]


@pytest.mark.parametrize(
    ("note_token", "said"),
    [
        ("", "no note: the variable NOTE_TOKEN is not set for this job"),
        ("another", "no note: GitLab answers GET with 403"),
    ],
)
def test_no_note_is_no_reason_to_fail(brevet: Brevet, folder: Path, notes: Notes, note_token: str, said: str) -> None:
    ended = run(brevet, folder, notes, note_token)
    assert ended.status == 0, ended.screen
    assert said in ended.screen
    assert notes.bodies == ["Looks good to me"]


def test_a_diff_that_fails_fails_its_job(brevet: Brevet, folder: Path, notes: Notes) -> None:
    (folder / "status").write_text("1")
    ended = run(brevet, folder, notes)
    assert ended.status == 1, ended.screen
    assert "AWS::SSM::Parameter Motto" in ended.screen
